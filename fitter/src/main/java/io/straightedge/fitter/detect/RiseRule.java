package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;

/**
 * Finds a loss that jumps up, and tells one that comes back from one that does not.
 *
 * <p>A rise begins when y - min(last 3, as far as there are so many) &gt; max({@value #FLOOR_NATS}, {@value #NOISES} sigma); y the observed loss,
 * sigma the standard deviation of one observation, all in nats per token. It ends when the loss is back within a
 * quarter of the rise above the old level, at most {@value #FLOOR_NATS} nats and at least 2 sigma. A rise that lasts for
 * {@value #DIVERGED_AFTER} observations, or in a sparse log for {@value #SPARSE_AFTER} and a twentieth of the steps, from step {@value #SPARSE_FROM} on, is a
 * divergence. O(1) an observation.
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

    /** Smallest rise that counts before anything is known of the noise. */
    static final double UNKNOWN_NATS = 1;

    static final int DIVERGED_AFTER = 50;
    static final int SPARSE_AFTER = 5;
    static final double SPARSE = 1.05;
    static final long SPARSE_FROM = 1000;

    /** Bytes that {@link #save} writes. */
    public static final int BYTES = 3 * 4 + 4 + 4 + 8 + 4 + 1;

    /** What an observation meant. */
    public enum Verdict {
        CALM,
        /** A rise begins with this observation. */
        SPIKE_BEGAN,
        /** Still up. */
        RISEN,
        /** Still up, after a number of observations that is worth telling. */
        LASTED,
        /** Up for so long that it is taken not to come back by itself. */
        DIVERGED,
        /** Back at the old level with this observation. */
        ENDED
    }

    private float first = Float.NaN;
    private float second = Float.NaN;
    private float third = Float.NaN;
    private float level = Float.NaN;
    private float peak = Float.NaN;
    private long onsetStep;
    private int risenFor;
    private boolean diverged;

    /** The smallest rise that counts where one observation has the standard deviation sigma, nats per token. */
    public static double limit(double sigma) {
        return sigma > 0 ? Math.max(FLOOR_NATS, NOISES * sigma) : UNKNOWN_NATS;
    }

    /** The verdict on a finite loss at a step; sigma may be NaN while the noise is not known. */
    public Verdict add(long step, double loss, double sigma) {
        double noise = sigma > 0 ? sigma : 0;
        if (risenFor > 0) {
            peak = Math.max(peak, (float) loss);
            if (loss <= level + Math.max(Math.min(.25 * (peak - level), FLOOR_NATS), 2 * noise)) {
                risenFor = 0;
                remember(loss);
                return Verdict.ENDED;
            }
            risenFor++;
            boolean diverges = !diverged && (risenFor >= DIVERGED_AFTER || lastsInSparseLog(step));
            diverged |= diverges;
            return diverges ? Verdict.DIVERGED : lasted() ? Verdict.LASTED : Verdict.RISEN;
        }
        float lowest = lower(third, lower(second, first));
        if (loss - lowest > limit(noise)) {
            level = lowest;
            peak = (float) loss;
            onsetStep = step;
            risenFor = 1;
            diverged = false;
            return Verdict.SPIKE_BEGAN;
        }
        remember(loss);
        return Verdict.CALM;
    }

    private boolean lastsInSparseLog(long step) {
        return risenFor >= SPARSE_AFTER && onsetStep >= SPARSE_FROM && step > SPARSE * onsetStep;
    }

    /** Takes the present level for normal. */
    public void accept() {
        risenFor = 0;
        first = second = third = Float.NaN;
    }

    public boolean risen() {
        return risenFor > 0;
    }

    public boolean diverged() {
        return risenFor > 0 && diverged;
    }

    /** Observations of the present or last rise. */
    public int observations() {
        return risenFor;
    }

    /** Each of the first, then at 20, 30, 100, 300 and so on. */
    private boolean lasted() {
        int unit = risenFor;
        while (unit >= 100 && unit % 10 == 0) {
            unit /= 10;
        }
        return unit <= 10 || unit == 20 || unit == 30;
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
        out.putFloat(first).putFloat(second).putFloat(third);
        out.putFloat(level).putFloat(peak).putLong(onsetStep).putInt(risenFor);
        out.put((byte) (diverged ? 1 : 0));
    }

    public void load(ByteBuffer in) {
        first = in.getFloat();
        second = in.getFloat();
        third = in.getFloat();
        level = in.getFloat();
        peak = in.getFloat();
        onsetStep = in.getLong();
        risenFor = in.getInt();
        diverged = in.get() != 0;
    }

    /** The lower of two; of one that is not known the other. */
    private static float lower(float one, float other) {
        return Float.isNaN(other) || one < other ? one : other;
    }

    private void remember(double loss) {
        first = second;
        second = third;
        third = (float) loss;
    }
}
