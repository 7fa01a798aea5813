package io.straightedge.fitter.solve;

/**
 * Lowers a smooth function by BFGS with an Armijo line search.
 *
 * <p>Keeps H, an estimate of the inverse Hessian, from the gradients' changes; step -H g, halved until the value falls by
 * {@value #ARMIJO} of what the slope promises. An update whose curvature s'y is not positive is left out. Ends after
 * {@code mostIterations}, when a step promises less than {@code tolerance} of the value, or when nothing lowers it; never
 * fails. O(iterations (evaluation + p^2)).
 *
 * @see "Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 6.1"
 */
public final class QuasiNewton {

    private static final double ARMIJO = 1e-4;
    private static final int MOST_HALVINGS = 20;
    /** Longest first step, in units of the variables. */
    private static final double FIRST_STEP = 1;

    private QuasiNewton() {}

    /** Lowers {@code objective} from {@code x}, which is overwritten; returns the value reached. */
    public static double minimise(SlopedObjective objective, double[] x, int mostIterations, double tolerance) {
        int p = x.length;
        double[] gradient = new double[p];
        double[] nextGradient = new double[p];
        double[] trial = new double[p];
        double[] step = new double[p];
        double value = objective.gradient(x, gradient);
        double[][] inverse = identity(p, FIRST_STEP / Math.max(1e-300, Math.max(FIRST_STEP, norm(gradient))));
        boolean scaled = false;
        for (int iteration = 0; iteration < mostIterations; iteration++) {
            double slope = 0;
            for (int i = 0; i < p; i++) {
                step[i] = -dot(inverse[i], gradient);
                slope += step[i] * gradient[i];
            }
            if (!(-slope > tolerance * Math.max(1, Math.abs(value)))) {
                return value;
            }
            double length = 1;
            double next = Double.POSITIVE_INFINITY;
            int halvings = 0;
            while (halvings <= MOST_HALVINGS) {
                for (int i = 0; i < p; i++) {
                    trial[i] = x[i] + length * step[i];
                }
                next = objective.gradient(trial, nextGradient);
                if (next <= value + ARMIJO * length * slope) {
                    break;
                }
                length /= 2;
                halvings++;
            }
            if (halvings > MOST_HALVINGS) {
                return value;
            }
            double curvature = 0;
            double change = 0;
            for (int i = 0; i < p; i++) {
                step[i] *= length;
                trial[i] = nextGradient[i] - gradient[i];
                curvature += step[i] * trial[i];
                change += trial[i] * trial[i];
            }
            if (curvature > 1e-12 * Math.sqrt(change) * norm(step)) {
                if (!scaled) {
                    inverse = identity(p, curvature / change);
                    scaled = true;
                }
                update(inverse, step, trial, curvature);
            }
            for (int i = 0; i < p; i++) {
                x[i] += step[i];
            }
            System.arraycopy(nextGradient, 0, gradient, 0, p);
            value = next;
        }
        return value;
    }

    /** H = (I - s y'/c) H (I - y s'/c) + s s'/c, c = s'y. */
    private static void update(double[][] inverse, double[] s, double[] y, double curvature) {
        int p = s.length;
        double[] hy = new double[p];
        for (int i = 0; i < p; i++) {
            hy[i] = dot(inverse[i], y);
        }
        double factor = (1 + dot(y, hy) / curvature) / curvature;
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                inverse[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
            }
        }
    }

    private static double[][] identity(int p, double scale) {
        double[][] identity = new double[p][p];
        for (int i = 0; i < p; i++) {
            identity[i][i] = scale;
        }
        return identity;
    }

    private static double norm(double[] v) {
        return Math.sqrt(dot(v, v));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
