package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.LogBins;
import org.jspecify.annotations.Nullable;

/**
 * A run's curve as it stands at one step: the logarithm of its level, and how its curve came there.
 *
 * <p>The curve is the bins' means, linear in the logarithms, each mean cut down to the lowest of the three before it where it
 * rises by more than {@value #SPIKE_NATS} nats over that. Features are ln y at .8, .6, .4 and .2 of the step less the level,
 * and ln(1 + spikes). A finished run is read at the step itself; a running one that ends before it is carried on along its last
 * three bins.
 *
 * @param level ln of the loss
 * @param shape [{@value #SHAPES}]
 */
@SuppressWarnings("ArrayRecordComponent") // read at once by the regression, never compared
record Standing(double level, double[] shape) {

    static final int SHAPES = 5;
    private static final double[] EARLIER = {.8, .6, .4, .2};
    private static final double SPIKE_NATS = .06;
    private static final int LEAST_BINS = 3;

    /** The first {@code used} bins read at {@code step}; null with fewer than three of them, or none above zero. */
    static @Nullable Standing at(LogBins bins, int used, double step) {
        double[] logStep = new double[used + 1];
        double[] logLoss = new double[used + 1];
        double[] mean = new double[used];
        int n = 0;
        int spikes = 0;
        for (int i = 0; i < used; i++) {
            double lowest = i == 0 ? Double.POSITIVE_INFINITY : mean[i - 1];
            for (int before = Math.max(0, i - 3); before < i; before++) {
                lowest = Math.min(lowest, mean[before]);
            }
            mean[i] = bins.mean(i);
            if (mean[i] > lowest + SPIKE_NATS) {
                mean[i] = lowest;
                spikes += bins.meanStep(i) <= step ? 1 : 0;
            }
            if (bins.meanStep(i) > 0 && mean[i] > 0) {
                logStep[n] = Math.log(bins.meanStep(i));
                logLoss[n++] = Math.log(mean[i]);
            }
        }
        if (n < LEAST_BINS) {
            return null;
        }
        double at = Math.log(step);
        double level = read(logStep, logLoss, n, at, true);
        int kept = 0;
        while (kept < n && logStep[kept] < at) {
            kept++;
        }
        logStep[kept] = at;
        logLoss[kept++] = level;
        double[] shape = new double[SHAPES];
        for (int i = 0; i < EARLIER.length; i++) {
            shape[i] = read(logStep, logLoss, kept, at + Math.log(EARLIER[i]), false) - level;
        }
        shape[EARLIER.length] = Math.log1p(spikes);
        return new Standing(level, shape);
    }

    /** Linear between the first {@code n} places, held before them, and after them carried on or held. */
    private static double read(double[] x, double[] y, int n, double at, boolean carryOn) {
        int high = 0;
        while (high < n && x[high] < at) {
            high++;
        }
        if (high == 0) {
            return y[0];
        }
        if (high == n) {
            int back = Math.max(0, n - LEAST_BINS);
            double slope = carryOn && n - 1 > back ? (y[n - 1] - y[back]) / (x[n - 1] - x[back]) : 0;
            return y[n - 1] + slope * (at - x[n - 1]);
        }
        double part = (at - x[high - 1]) / (x[high] - x[high - 1]);
        return y[high - 1] + part * (y[high] - y[high - 1]);
    }
}
