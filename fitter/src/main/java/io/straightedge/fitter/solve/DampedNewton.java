package io.straightedge.fitter.solve;

/**
 * Newton's method, damped along a majorant: (H + lambda M) step = -gradient.
 *
 * <p>Lambda falls tenfold after a step that lowers the objective and rises until one does, so the value never rises. With M
 * the reweighted normal matrix of a robust fit, lambda near 1 is an IRLS step, and lambda near 0 a Newton step, which
 * converges quadratically once the set of residuals inside the Huber bound has settled. Ends when nothing lowers the value,
 * when a step changes it by less than one part in 10^15, or after {@code mostIterations}; never fails, the caller judges by
 * {@link #gradientNorm}. O(iterations (evaluation + p^3)). Workspace for p variables, one thread.
 */
public final class DampedNewton {

    private static final double LEAST_LAMBDA = 1e-14;
    private static final double MOST_LAMBDA = 1e14;
    private static final double ENOUGH = 1e-15;

    private final int p;
    private final double[] gradient;
    private final double[][] hessian;
    private final double[][] majorant;
    private final double[][] factor;
    private final double[] step;
    private final double[] trial;
    private double value = Double.NaN;
    private int iterations;

    /** A workspace for {@code p} variables. */
    public DampedNewton(int p) {
        this.p = p;
        gradient = new double[p];
        hessian = new double[p][p];
        majorant = new double[p][p];
        factor = new double[p][p];
        step = new double[p];
        trial = new double[p];
    }

    /** Lowers {@code objective} from {@code x}, which is overwritten; returns the value reached. */
    public double minimise(SmoothObjective objective, double[] x, int mostIterations) {
        double lambda = 1;
        int small = 0;
        value = objective.derivatives(x, gradient, hessian, majorant);
        for (iterations = 0; iterations < mostIterations && small < 2; iterations++) {
            double next = Double.POSITIVE_INFINITY;
            while (lambda <= MOST_LAMBDA) {
                if (solve(lambda)) {
                    for (int i = 0; i < p; i++) {
                        trial[i] = x[i] + step[i];
                    }
                    next = objective.value(trial);
                    if (next < value) {
                        break;
                    }
                }
                lambda *= 10;
            }
            if (!(next < value)) {
                break;
            }
            System.arraycopy(trial, 0, x, 0, p);
            small = value - next <= ENOUGH * value ? small + 1 : 0;
            lambda = Math.max(LEAST_LAMBDA, lambda / 10);
            value = objective.derivatives(x, gradient, hessian, majorant);
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

    /** Cholesky solve; false when the damped matrix is not positive definite. */
    private boolean solve(double lambda) {
        for (int i = 0; i < p; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = hessian[i][j] + lambda * majorant[i][j];
                if (i == j) {
                    // A direction in which nothing changes must not stop the others.
                    sum += lambda * 1e-14;
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
