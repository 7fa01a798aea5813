package io.straightedge.fitter.detect;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * Four statistics of one stream of z, each for its kind of shift, upwards and downwards.
 *
 * <p>EWMA: E += w (clip(z, c) - E), over sqrt(w / (2 - w)); CUSUM: S = max(0, S + clip(z, c) - k), and the same of -z. A
 * CUSUM that leaves 0 marks where the shift began. O(1), six numbers and two steps. Not thread-safe.
 *
 * @see "Page 1954, Continuous inspection schemes, for the sums; Roberts 1959 for the averages"
 */
final class ShiftBank {

    static final double SLOW_WEIGHT = .1;
    static final double FAST_WEIGHT = .3;

    private static final double SLOW_CAP = 3;
    private static final double FAST_CAP = 4;
    private static final double SLOW_SD = Math.sqrt(SLOW_WEIGHT / (2 - SLOW_WEIGHT));
    private static final double FAST_SD = Math.sqrt(FAST_WEIGHT / (2 - FAST_WEIGHT));

    private float slow;
    private float fast;
    private float slowUp;
    private float slowDown;
    private float fastUp;
    private float fastDown;
    /** The last step at which the slow CUSUM of a direction was at 0; what came after it has shifted. */
    private long calmUp = -1;

    private long calmDown = -1;

    void add(long step, double z) {
        double low = clip(z, SLOW_CAP);
        double high = clip(z, FAST_CAP);
        slow += (float) (SLOW_WEIGHT * (low - slow));
        fast += (float) (FAST_WEIGHT * (high - fast));
        slowUp = (float) Math.max(0, slowUp + low - .5);
        slowDown = (float) Math.max(0, slowDown - low - .5);
        fastUp = (float) Math.max(0, fastUp + high - 1);
        fastDown = (float) Math.max(0, fastDown - high - 1);
        if (slowUp == 0) {
            calmUp = step;
        }
        if (slowDown == 0) {
            calmDown = step;
        }
    }

    /** Log10 of the observations in which a healthy run shows so fast a shift once. */
    double rarityOfFast(boolean upwards) {
        double ewma = (upwards ? fast : -fast) / FAST_SD;
        double sum = upwards ? fastUp : fastDown;
        return Math.max(ShiftLimits.FAST.rarity(ewma, upwards), ShiftLimits.SUM_FAST.rarity(sum, upwards));
    }

    /** The same of a slow shift. */
    double rarityOfSlow(boolean upwards) {
        double sum = upwards ? slowUp : slowDown;
        return Math.max(
                ShiftLimits.SLOW.rarity(upwards ? level() : -level(), upwards),
                ShiftLimits.SUM_SLOW.rarity(sum, upwards));
    }

    /** The slow EWMA in its own standard deviations. */
    double level() {
        return slow / SLOW_SD;
    }

    /** The last step before the present shift of a direction; negative when it has gone on since the beginning. */
    long calm(boolean upwards) {
        return upwards ? calmUp : calmDown;
    }

    /** The sums begin anew: what is not to be told is not to be added up either. */
    void settle() {
        slowUp = slowDown = fastUp = fastDown = 0;
    }

    /** Begins anew at {@code step}. */
    void clear(long step) {
        slow = fast = slowUp = slowDown = fastUp = fastDown = 0;
        calmUp = step;
        calmDown = step;
    }

    void save(ByteBuffer out) {
        out.putFloat(slow).putFloat(fast).putFloat(slowUp).putFloat(slowDown).putFloat(fastUp);
        out.putFloat(fastDown);
        Varint.put(out, calmUp + 1);
        Varint.put(out, calmDown + 1);
    }

    void load(ByteBuffer in) {
        slow = in.getFloat();
        fast = in.getFloat();
        slowUp = in.getFloat();
        slowDown = in.getFloat();
        fastUp = in.getFloat();
        fastDown = in.getFloat();
        calmUp = Varint.take(in) - 1;
        calmDown = Varint.take(in) - 1;
    }

    private static double clip(double value, double at) {
        return Math.max(-at, Math.min(at, value));
    }
}
