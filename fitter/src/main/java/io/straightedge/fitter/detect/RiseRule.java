package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;

/**
 * Finds a loss that jumps up, and tells one that comes back from one that does not.
 *
 * <p>A rise begins when y - min(last 3) &gt; max({@value #FLOOR_NATS}, {@value #NOISES} sigma); y the observed loss,
 * sigma the standard deviation of one observation, all in nats per token. It ends when the loss is back within a
 * quarter of the rise above the old level, never less than 2 sigma. A rise that lasts for
 * {@value #DIVERGED_AFTER} observations is a divergence. O(1) an observation.
 *
 * <p>Needs no fit, so it works in the early phase and on sparse logs. Blind to slow drift and to anything that takes
 * more than three observations to rise; NaN is not for this rule.
 *
 * <p>The limits found 28 of 36 labelled spikes at 4 other alarms per 10^5 observations on 50-step means; on losses of
 * a single micro-batch the floor is too low.
 */
public final class RiseRule {

    /** Smallest rise that counts, nats per token. */
    public static final double FLOOR_NATS = .3;

    static final double NOISES = 12;
    static final int DIVERGED_AFTER = 50;

    /** Bytes that {@link #save} writes. */
    public static final int BYTES = 3 * 8 + 8 + 8 + 8 + 4;

    /** What an observation meant. */
    public enum Verdict {
        CALM,
        /** A rise begins with this observation. */
        SPIKE_BEGAN,
        /** Still up. */
        RISEN,
        /** Up for so long that it is taken not to come back by itself. */
        DIVERGED,
        /** Back at the old level with this observation. */
        ENDED
    }

    private double first = Double.NaN;
    private double second = Double.NaN;
    private double third = Double.NaN;
    private double level = Double.NaN;
    private double peak = Double.NaN;
    private long onsetStep;
    private int risenFor;

    /** The smallest rise that counts where one observation has the standard deviation sigma, nats per token. */
    public static double limit(double sigma) {
        return Math.max(FLOOR_NATS, NOISES * sigma);
    }

    /** The verdict on a finite loss at a step; sigma may be NaN while the noise is not known. */
    public Verdict add(long step, double loss, double sigma) {
        double noise = sigma > 0 ? sigma : 0;
        if (risenFor > 0) {
            peak = Math.max(peak, loss);
            if (loss <= level + Math.max(.25 * (peak - level), 2 * noise)) {
                risenFor = 0;
                remember(loss);
                return Verdict.ENDED;
            }
            risenFor++;
            return risenFor == DIVERGED_AFTER ? Verdict.DIVERGED : Verdict.RISEN;
        }
        double lowest = Math.min(first, Math.min(second, third));
        if (loss - lowest > limit(noise)) {
            level = lowest;
            peak = loss;
            onsetStep = step;
            risenFor = 1;
            return Verdict.SPIKE_BEGAN;
        }
        remember(loss);
        return Verdict.CALM;
    }

    /** Takes the present level for normal. */
    public void accept() {
        risenFor = 0;
        first = second = third = Double.NaN;
    }

    public boolean risen() {
        return risenFor > 0;
    }

    public boolean diverged() {
        return risenFor >= DIVERGED_AFTER;
    }

    /** Where the present or last rise began. */
    public long onsetStep() {
        return onsetStep;
    }

    /** The loss before the present or last rise. */
    public double level() {
        return level;
    }

    /** The highest loss of the present or last rise. */
    public double peak() {
        return peak;
    }

    public void save(ByteBuffer out) {
        out.putDouble(first).putDouble(second).putDouble(third);
        out.putDouble(level).putDouble(peak).putLong(onsetStep).putInt(risenFor);
    }

    public void load(ByteBuffer in) {
        first = in.getDouble();
        second = in.getDouble();
        third = in.getDouble();
        level = in.getDouble();
        peak = in.getDouble();
        onsetStep = in.getLong();
        risenFor = in.getInt();
    }

    private void remember(double loss) {
        first = second;
        second = third;
        third = loss;
    }
}
