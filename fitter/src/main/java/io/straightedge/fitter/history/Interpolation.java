package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.LogBins;

/** Values between those that are known, held outside. */
final class Interpolation {

    private Interpolation() {}

    /** Linear in x, for rising {@code x} evenly spaced or not. */
    static double at(double[] x, double[] y, double value) {
        int high = 0;
        while (high < x.length && x[high] < value) {
            high++;
        }
        return between(x, y, value, high);
    }

    /** Linear in ln x. */
    static double inLog(double[] x, double[] y, double value) {
        int high = 0;
        while (high < x.length && x[high] < value) {
            high++;
        }
        if (high == 0 || high == x.length) {
            return y[high == 0 ? 0 : high - 1];
        }
        double part = Math.log(value / x[high - 1]) / Math.log(x[high] / x[high - 1]);
        return y[high - 1] + part * (y[high] - y[high - 1]);
    }

    /** The mean loss of the bins from {@code first} on, linear in the step. */
    static double ofBins(LogBins bins, double first, double step) {
        int from = 0;
        while (from < bins.size() - 1 && bins.meanStep(from) < first) {
            from++;
        }
        int high = from;
        while (high < bins.size() && bins.meanStep(high) < step) {
            high++;
        }
        if (high == from || high == bins.size()) {
            return bins.mean(high == from ? from : high - 1);
        }
        double part = (step - bins.meanStep(high - 1)) / (bins.meanStep(high) - bins.meanStep(high - 1));
        return bins.mean(high - 1) + part * (bins.mean(high) - bins.mean(high - 1));
    }

    private static double between(double[] x, double[] y, double value, int high) {
        if (high == 0 || high == x.length) {
            return y[high == 0 ? 0 : high - 1];
        }
        double part = (value - x[high - 1]) / (x[high] - x[high - 1]);
        return y[high - 1] + part * (y[high] - y[high - 1]);
    }
}
