package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LogBins;
import org.jspecify.annotations.Nullable;

/**
 * A run's curve as it stands at one step: the logarithm of its level, and how its curve came there.
 *
 * <p>The curve is the fitted one, moved by how far the bins' means lie off it: linear in ln step between them, held
 * outside. So it bends as a curve does between observations that are far apart, and goes on as one beyond the last. A mean
 * is cut down to the lowest of the three before it where it rises by more than {@value #SPIKE_NATS} nats over that. Features
 * are ln y at .8, .6, .4 and .2 of the step less the level, and ln(1 + spikes).
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
    private static final double LEAST_LOSS = .05;

    /**
     * The first {@code used} bins read at {@code step}; null with fewer than three of them above zero.
     *
     * @param fit a fit of the same curve
     */
    static @Nullable Standing at(LogBins bins, int used, double step, CurveFit fit) {
        double[] logStep = new double[used];
        double[] logLoss = new double[used];
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
                logLoss[n++] = Math.log(mean[i]) - logFit(fit, bins.meanStep(i));
            }
        }
        if (n < LEAST_BINS) {
            return null;
        }
        double level = read(logStep, logLoss, n, step, fit);
        double[] shape = new double[SHAPES];
        for (int i = 0; i < EARLIER.length; i++) {
            shape[i] = read(logStep, logLoss, n, EARLIER[i] * step, fit) - level;
        }
        shape[EARLIER.length] = Math.log1p(spikes);
        return new Standing(level, shape);
    }

    private static double logFit(CurveFit fit, double step) {
        double inside = Math.max(fit.firstStep(), step);
        return Math.log(Math.max(LEAST_LOSS, fit.mean(inside)));
    }

    /** The fitted curve at {@code step}, moved by how far the bins lie off it: linear between them, held outside. */
    private static double read(double[] logStep, double[] off, int n, double step, CurveFit fit) {
        double at = Math.log(step);
        int high = 0;
        while (high < n && logStep[high] < at) {
            high++;
        }
        if (high == 0 || high == n) {
            return off[high == 0 ? 0 : n - 1] + logFit(fit, step);
        }
        double part = (at - logStep[high - 1]) / (logStep[high] - logStep[high - 1]);
        return off[high - 1] + part * (off[high] - off[high - 1]) + logFit(fit, step);
    }
}
