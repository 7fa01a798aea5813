package io.straightedge.fitter.solve;

/**
 * Newton's method, damped along a majorant: (H + lambda M) step = -gradient, from lambda 1 on without H, which far from
 * the optimum of a robust fit is indefinite and no help.
 *
 * <p>Lambda falls tenfold after a step that lowers the objective, to nothing below {@value #LEAST_LAMBDA}, and rises
 * until a step does, so the value never rises. With M the reweighted normal matrix of a robust fit, lambda 1 is an IRLS
 * step, and lambda 0 a Newton step, which on a piecewise smooth objective ends as soon as it is on the right piece.
 * Ends when the model promises less than {@code tolerance} of the value, when nothing lowers it, or after {@code
 * mostIterations}; never fails, the caller judges by {@link #gradientNorm}. O(iterations (evaluation + p^3)). Workspace
 * for p variables, one thread.
 */
public final class DampedNewton {

    /** What the model must promise, as a part of the value, for a step to be worth an evaluation: rounding's own size. */
    public static final double EXACT = 1e-16;

    private static final double LEAST_LAMBDA = 1e-3;
    private static final double FIRST_RISE = 1e-2;
    private static final double MOST_LAMBDA = 1e12;
    /** Part of the majorant's diagonal that is added to it. */
    private static final double DIAGONAL = 0.01;

    private final int p;
    private double[] gradient;
    private double[][] hessian;
    private double[][] majorant;
    private double[] trialGradient;
    private double[][] trialHessian;
    private double[][] trialMajorant;
    private final double[][] factor;
    private final double[] step;
    private final double[] trial;
    private int iterations;
    private int evaluations;

    /** A workspace for {@code p} variables. */
    public DampedNewton(int p) {
        this.p = p;
        gradient = new double[p];
        hessian = new double[p][p];
        majorant = new double[p][p];
        trialGradient = new double[p];
        trialHessian = new double[p][p];
        trialMajorant = new double[p][p];
        factor = new double[p][p];
        step = new double[p];
        trial = new double[p];
    }

    /** Lowers {@code objective} from {@code x} to working precision; see the other. */
    public double minimise(SmoothObjective objective, double[] x, int mostIterations) {
        return minimise(objective, x, mostIterations, EXACT);
    }

    /** Lowers {@code objective} from {@code x}, which is overwritten; returns the value reached. */
    public double minimise(SmoothObjective objective, double[] x, int mostIterations, double tolerance) {
        double lambda = 0;
        double value = objective.derivatives(x, gradient, hessian, majorant);
        evaluations = 1;
        iterations = 0;
        while (iterations < mostIterations && lambda <= MOST_LAMBDA) {
            if (!solve(lambda)) {
                lambda = raised(lambda);
                continue;
            }
            double promised = 0;
            for (int i = 0; i < p; i++) {
                promised -= 0.5 * gradient[i] * step[i];
                trial[i] = x[i] + step[i];
            }
            if (promised <= tolerance * Math.abs(value)) {
                break;
            }
            double next = objective.derivatives(trial, trialGradient, trialHessian, trialMajorant);
            evaluations++;
            if (next < value) {
                System.arraycopy(trial, 0, x, 0, p);
                value = next;
                swap();
                lambda = lambda < 10 * LEAST_LAMBDA ? 0 : lambda / 10;
                iterations++;
            } else {
                lambda = raised(lambda);
            }
        }
        return value;
    }

    /** Largest gradient component where {@link #minimise} ended. */
    public double gradientNorm() {
        double largest = 0;
        for (double g : gradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        return largest;
    }

    /** Accepted steps of the last {@link #minimise}. */
    public int iterations() {
        return iterations;
    }

    /** Evaluations of the last {@link #minimise}. */
    public int evaluations() {
        return evaluations;
    }

    private static double raised(double lambda) {
        return lambda < FIRST_RISE ? FIRST_RISE : 10 * lambda;
    }

    private void swap() {
        double[] g = gradient;
        gradient = trialGradient;
        trialGradient = g;
        double[][] h = hessian;
        hessian = trialHessian;
        trialHessian = h;
        double[][] m = majorant;
        majorant = trialMajorant;
        trialMajorant = m;
    }

    /** Cholesky solve; false when the damped matrix is not positive definite. */
    private boolean solve(double lambda) {
        for (int i = 0; i < p; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = (lambda < 1 ? hessian[i][j] : 0) + lambda * majorant[i][j];
                if (i == j) {
                    // A direction that the majorant hardly knows must not stop the others.
                    sum += lambda * (DIAGONAL * majorant[i][i] + Double.MIN_NORMAL);
                }
                for (int k = 0; k < j; k++) {
                    sum -= factor[i][k] * factor[j][k];
                }
                if (i == j) {
                    if (!(sum > 0)) {
                        return false;
                    }
                    factor[i][i] = Math.sqrt(sum);
                } else {
                    factor[i][j] = sum / factor[j][j];
                }
            }
        }
        for (int i = 0; i < p; i++) {
            double sum = -gradient[i];
            for (int k = 0; k < i; k++) {
                sum -= factor[i][k] * step[k];
            }
            step[i] = sum / factor[i][i];
        }
        for (int i = p - 1; i >= 0; i--) {
            double sum = step[i];
            for (int k = i + 1; k < p; k++) {
                sum -= factor[k][i] * step[k];
            }
            step[i] = sum / factor[i][i];
        }
        return true;
    }
}
