package io.straightedge.fitter.detect;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Finds what is too slow for {@link ShiftRule}, whose bias follows it: a closed bin against the forecast that was made of it
 * when the run had seen two thirds of its steps.
 *
 * <p>z = (mean - f) / sqrt(sd^2 + sigma^2 / n): mean and n of the bin, f and sd the forecast of it made {@value #AHEAD} bins
 * before, sigma the standard deviation of one observation; nats per token. On runs without fault z was beyond q95 in at most
 * one bin of twenty and beyond q99 in one of a hundred, by fraction of the plan and direction, in the worst of five sources
 * of real curves; a deviation is found beyond q99, and over below q95. O(1) a bin. Not thread-safe.
 */
public final class SlowRule {

    /** Bins between a forecast and what it is of: half as many steps again. */
    public static final int AHEAD = 5;

    /** The open bin's forecast and those of the next. */
    private static final int KEPT = AHEAD + 1;

    private static final double[] FRACTION = {.1, .3, .5, .7, .9};
    private static final double[] UP_95 = {4.6, 2.9, 1.9, 1.9, 1.3};
    private static final double[] UP_99 = {6.3, 3.8, 3.0, 2.7, 2.0};
    private static final double[] DOWN_95 = {6.3, 2.9, 3.1, 3.1, 3.1};
    private static final double[] DOWN_99 = {8.6, 5.0, 5.0, 5.0, 5.0};

    /** What a closed bin meant. */
    public enum Verdict {
        CALM,
        BEGAN,
        ON,
        ENDED
    }

    // By bin modulo KEPT; bin -1 is none.
    private final int[] bin = new int[KEPT];
    private final float[] mean = new float[KEPT];
    private final float[] sd = new float[KEPT];
    private boolean on;
    /** Sign of the deviation that goes on, or was the last. */
    private byte side;

    private float z = Float.NaN;
    private float size = Float.NaN;
    private float rarity = Float.NaN;
    private long onsetStep = -1;

    /** A rule that expects nothing yet. */
    public SlowRule() {
        Arrays.fill(bin, -1);
    }

    /** Whether bin {@code index} has been forecast. */
    public boolean expects(int index) {
        return bin[Math.floorMod(index, KEPT)] == index;
    }

    /** The forecast of a bin to come, nats per token. */
    public void expect(int index, double forecast, double standardDeviation) {
        int at = Math.floorMod(index, KEPT);
        bin[at] = index;
        mean[at] = (float) forecast;
        sd[at] = (float) standardDeviation;
    }

    /**
     * A bin has closed.
     *
     * @param firstStep of the bin
     * @param loss its mean, nats per token
     * @param count its observations
     * @param sigma standard deviation of one observation
     * @param fraction of the plan that has been seen
     * @param falls whether a loss below the forecast counts: a decay of the learning rate makes it less sure
     */
    public Verdict closed(
            int index, long firstStep, double loss, long count, double sigma, double fraction, boolean falls) {
        int at = Math.floorMod(index, KEPT);
        double noise = sigma > 0 ? sigma * sigma / count : 0;
        double scale = Math.sqrt(sd[at] * sd[at] + noise);
        if (bin[at] != index || !(scale > 0)) {
            return Verdict.CALM;
        }
        size = (float) (loss - mean[at]);
        z = (float) (size / scale);
        boolean up = z > 0;
        double usual = at(up ? UP_95 : DOWN_95, fraction);
        double rare = at(up ? UP_99 : DOWN_99, fraction);
        // From one bin in 20 to one in 100 the quantile grows by rare - usual; beyond, on as a line in the logarithm.
        double decades = Math.log10(20) + Math.log10(5) * (Math.abs(z) - usual) / (rare - usual);
        rarity = (float) Math.min(ShiftLimits.NEVER, Math.max(0, decades + Math.log10(Math.max(1, (double) count))));
        if (on) {
            boolean over = side * z < usual;
            on = !over;
            return over ? Verdict.ENDED : Verdict.ON;
        }
        if (z > rare || (falls && z < -rare)) {
            on = true;
            side = (byte) (z > 0 ? 1 : -1);
            onsetStep = firstStep;
            return Verdict.BEGAN;
        }
        return Verdict.CALM;
    }

    /** What was expected of the run counts no more. */
    public void clear() {
        Arrays.fill(bin, -1);
        on = false;
    }

    public boolean deviates() {
        return on;
    }

    /** Whether the deviation that goes on, or was the last, is upwards. */
    public boolean upwards() {
        return side > 0;
    }

    /** z of the last closed bin that had been forecast; NaN before the first. */
    public double z() {
        return z;
    }

    /** Loss over forecast of that bin, nats per token. */
    public double sizeNats() {
        return size;
    }

    /** Log10 of the observations in which a healthy run shows such a z once. */
    public double rarity() {
        return rarity;
    }

    /** First step of the bin that the present or last deviation was found in. */
    public long onsetStep() {
        return onsetStep;
    }

    public void save(ByteBuffer out) {
        out.put((byte) (on ? 2 * side : side)).putFloat(z).putFloat(size).putFloat(rarity);
        Varint.put(out, onsetStep + 1);
        for (int i = 0; i < KEPT; i++) {
            Varint.put(out, bin[i] + 1);
            if (bin[i] >= 0) {
                out.putFloat(mean[i]).putFloat(sd[i]);
            }
        }
    }

    public void load(ByteBuffer in) {
        byte saved = in.get();
        on = Math.abs(saved) > 1;
        side = (byte) Integer.signum(saved);
        z = in.getFloat();
        size = in.getFloat();
        rarity = in.getFloat();
        onsetStep = Varint.take(in) - 1;
        for (int i = 0; i < KEPT; i++) {
            bin[i] = (int) Varint.take(in) - 1;
            if (bin[i] >= 0) {
                mean[i] = in.getFloat();
                sd[i] = in.getFloat();
            }
        }
    }

    private static double at(double[] quantile, double fraction) {
        int last = FRACTION.length - 1;
        if (fraction <= FRACTION[0]) {
            return quantile[0];
        }
        for (int i = 1; i <= last; i++) {
            if (fraction < FRACTION[i]) {
                double x = (fraction - FRACTION[i - 1]) / (FRACTION[i] - FRACTION[i - 1]);
                return quantile[i - 1] + x * (quantile[i] - quantile[i - 1]);
            }
        }
        return quantile[last];
    }
}
