package io.straightedge.fitter.curve;

import java.util.Arrays;

/**
 * Standard deviation of one observation, from how far bins lie off the straight line between their neighbours.
 *
 * <p>r_i = y_i - (1 - x) y_(i-1) - x y_(i+1), x the place of bin i between its neighbours in ln t, has variance sigma^2
 * (1/n_i + (1-x)^2/n_(i-1) + x^2/n_(i+1)) for noise alone; sigma = 1.4826 median |r_i| / sqrt of that factor, over the
 * bins of [.3 s, s]. A robust upper bound: the curve's own bend adds to it. On sparse curves it is far below what
 * differences of the early, steep part say. NaN with fewer than four bins to judge by. O(n log n), a reused workspace.
 */
final class BinNoise {

    private static final double FROM = .3;
    private static final int LEAST = 4;
    private static final double FROM_MEDIAN = 1.4826;

    private double[] scaled = new double[64];

    /** Sigma over the closed bins [first, used), nats per token. */
    double sigma(LogBins bins, int first, int used) {
        double begin = FROM * bins.meanStep(used - 1);
        int n = 0;
        if (scaled.length < used) {
            scaled = new double[2 * used];
        }
        for (int i = Math.max(1, first + 1); i < used - 1; i++) {
            if (bins.meanStep(i) < begin) {
                continue;
            }
            double before = Math.log(bins.meanStep(i - 1));
            double x = (Math.log(bins.meanStep(i)) - before) / (Math.log(bins.meanStep(i + 1)) - before);
            double residual = bins.mean(i) - (1 - x) * bins.mean(i - 1) - x * bins.mean(i + 1);
            double factor = 1. / bins.count(i) + (1 - x) * (1 - x) / bins.count(i - 1) + x * x / bins.count(i + 1);
            scaled[n++] = Math.abs(residual) / Math.sqrt(factor);
        }
        if (n < LEAST) {
            return Double.NaN;
        }
        Arrays.sort(scaled, 0, n);
        double median = n % 2 == 1 ? scaled[n / 2] : .5 * (scaled[n / 2 - 1] + scaled[n / 2]);
        return FROM_MEDIAN * median;
    }
}
