package io.straightedge.fitter.history;

/**
 * The covariance of two runs: an offset, a line in every feature, and a smooth part with one length a group of features.
 *
 * <p>k(x, y) = {@value #OFFSET} + sum_g b_g^2 x_g'y_g + a^2 exp(-.5 sum_g |x_g - y_g|^2 / l_g^2), plus v on the
 * diagonal, the variance of one run's noise. Features are standardised. The logarithms h = (ln l_g, ln b_g, ln a, ln
 * sqrt v), [2 G + 2], have normal priors centred at l = 3, b = .3, a = 1, sqrt v = .3 with standard deviations .8, .8,
 * .7 and 1. Immutable.
 */
final class GroupKernel {

    static final double OFFSET = .25;
    private static final double LOG_LENGTH = Math.log(3);
    private static final double LOG_LINE = Math.log(.3);
    private static final double LOG_NOISE = Math.log(.3);
    private static final double GROUP_SD = .8;
    private static final double AMPLITUDE_SD = .7;
    private static final double NOISE_SD = 1;

    /** Group of each feature, in [0, groups). */
    private final int[] group;

    private final int groups;

    GroupKernel(int[] group) {
        this.group = group.clone();
        int most = -1;
        for (int g : group) {
            most = Math.max(most, g);
        }
        this.groups = most + 1;
    }

    int groups() {
        return groups;
    }

    int group(int feature) {
        return group[feature];
    }

    int hyperparameters() {
        return 2 * groups + 2;
    }

    /** Where the priors are centred. */
    double[] centre() {
        double[] centre = new double[hyperparameters()];
        for (int g = 0; g < groups; g++) {
            centre[g] = LOG_LENGTH;
            centre[groups + g] = LOG_LINE;
        }
        centre[2 * groups + 1] = LOG_NOISE;
        return centre;
    }

    /** Standard deviation of hyperparameter {@code i}'s prior. */
    double priorSd(int i) {
        return i < 2 * groups ? GROUP_SD : i == 2 * groups ? AMPLITUDE_SD : NOISE_SD;
    }

    /** The kernel at hyperparameters {@code h}, ready for many pairs. */
    At at(double[] h) {
        return new At(h);
    }

    /** The kernel at given hyperparameters. */
    final class At {

        private final double[] precision;
        private final double[] line;
        private final double amplitude;
        private final double noise;

        private At(double[] h) {
            int p = group.length;
            precision = new double[p];
            line = new double[p];
            for (int j = 0; j < p; j++) {
                precision[j] = Math.exp(-2 * h[group[j]]);
                line[j] = Math.exp(2 * h[groups + group[j]]);
            }
            amplitude = Math.exp(2 * h[2 * groups]);
            noise = Math.exp(2 * h[2 * groups + 1]);
        }

        /** k(x, y) without noise. */
        double covariance(double[] x, double[] y) {
            double linear = 0;
            double distance = 0;
            for (int j = 0; j < x.length; j++) {
                linear += line[j] * x[j] * y[j];
                double d = x[j] - y[j];
                distance += precision[j] * d * d;
            }
            return OFFSET + linear + amplitude * Math.exp(-.5 * distance);
        }

        /** [n][n] among the rows of {@code x}. */
        double[][] matrix(double[][] x) {
            int n = x.length;
            double[][] matrix = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    matrix[i][j] = covariance(x[i], x[j]);
                    matrix[j][i] = matrix[i][j];
                }
            }
            return matrix;
        }

        /** v. */
        double noise() {
            return noise;
        }
    }
}
