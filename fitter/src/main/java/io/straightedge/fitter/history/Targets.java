package io.straightedge.fitter.history;

import java.util.Arrays;

/** Location and scale of a regression's targets. */
final class Targets {

    private Targets() {}

    static double median(double[] values) {
        return quantile(values, .5);
    }

    /** Standard deviation about the mean, with n in the denominator. */
    static double deviation(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    /** Linear interpolation between order statistics at position q (n - 1); NaN of nothing. */
    static double quantile(double[] values, double q) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = q * (sorted.length - 1);
        int low = (int) Math.floor(at);
        int high = Math.min(sorted.length - 1, low + 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
