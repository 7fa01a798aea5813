package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * The loss expected of the next observations: a line in the logarithm of the step, good until the next fit, which comes
 * within {@value #AHEAD} of the steps. From the fit where there is one, else through the last bins.
 *
 * @param step where the line is at {@code level}; negative where there is none
 * @param level nats per token
 * @param slope nats per token and e-fold of steps
 */
record NearForecast(long step, float level, float slope) {

    static final NearForecast NONE = new NearForecast(-1, 0, 0);

    private static final double AHEAD = .05;
    private static final double GAP = 1.1;
    private static final int BINS = 4;

    static NearForecast of(CurveFit fit, long step) {
        double now = Math.max(1, (double) step);
        double level = fit.mean(now);
        double ahead = fit.mean(now * (1 + AHEAD));
        return new NearForecast(step, (float) level, (float) ((ahead - level) / Math.log1p(AHEAD)));
    }

    /** The line through the last {@value #BINS} bins by least squares; none through less than two. */
    static NearForecast of(LogBins bins, long step) {
        int first = Math.max(0, bins.size() - BINS);
        int n = bins.size() - first;
        if (n < 2) {
            return NONE;
        }
        double x = 0;
        double y = 0;
        for (int i = first; i < bins.size(); i++) {
            x += Math.log(Math.max(1, bins.meanStep(i))) / n;
            y += bins.mean(i) / n;
        }
        double xx = 0;
        double xy = 0;
        for (int i = first; i < bins.size(); i++) {
            double dx = Math.log(Math.max(1, bins.meanStep(i))) - x;
            xx += dx * dx;
            xy += dx * (bins.mean(i) - y);
        }
        double slope = xx > 0 ? xy / xx : 0;
        double level = y + slope * (Math.log(Math.max(1, (double) step)) - x);
        return new NearForecast(step, (float) level, (float) slope);
    }

    boolean known() {
        return step >= 0;
    }

    /** Whether so many steps are missing between two observations that no line reaches from one to the other. */
    static boolean isGap(long before, long step) {
        return before >= 0 && step > GAP * Math.max(1, before);
    }

    /** Expected loss at a step, nats per token. */
    double at(long later) {
        return level + slope * Math.log(Math.max(1, (double) later) / Math.max(1, (double) step));
    }

    void save(ByteBuffer out) {
        Varint.put(out, step + 1);
        out.putFloat(level).putFloat(slope);
    }

    static NearForecast load(ByteBuffer in) {
        return new NearForecast(Varint.take(in) - 1, in.getFloat(), in.getFloat());
    }
}
