package io.straightedge.fitter.detect;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * Four statistics of one stream of z, each for its kind of shift, upwards and downwards.
 *
 * <p>EWMA: E += w (clip(z, c) - E), over sqrt(w / (2 - w)). CUSUM: S = max(0, S + clip(z, c) - k), and the same of -z. The
 * slow sum upwards adds up likelihood ratios instead, S = max(0, S + ln f(z - {@value #SHIFT}) - ln f(z)), f Student's t of
 * {@value #FREEDOM} degrees of freedom and variance 1, which needs no clip: on the residuals of five logs, each with its
 * own limit, shifts of half a standard deviation were found in 144 observations instead of 240 in the worst log and in 68
 * to 82 instead of 82 to 137 in the others, of one in 41 instead of 55 and 19 to 22 instead of 20 to 24. Downwards, where
 * the tail is short, it is worse than the plain sum. A plain sum that leaves 0 marks where the shift began. O(1), seven numbers
 * and two steps. Not thread-safe.
 *
 * @see "Page 1954, Continuous inspection schemes, for the sums; Roberts 1959 for the averages"
 */
final class ShiftBank {

    static final double SLOW_WEIGHT = .1;
    static final double FAST_WEIGHT = .3;

    /** The limits of a pair of runs are so many times those of losses. */
    static final double PAIRED_MARGIN = 1.2;

    private static final double SLOW_CAP = 3;
    private static final double FAST_CAP = 4;
    /** What the slow sum upwards looks for, in standard deviations. */
    private static final double SHIFT = .75;

    private static final double FREEDOM = 5;
    private static final double SPREAD = FREEDOM - 2;
    private static final double SLOW_SD = Math.sqrt(SLOW_WEIGHT / (2 - SLOW_WEIGHT));
    private static final double FAST_SD = Math.sqrt(FAST_WEIGHT / (2 - FAST_WEIGHT));

    private float slow;
    private float fast;
    private float slowUp;
    /** The plain slow sum upwards: it is 0 more often, and tells better where a shift began. */
    private float onsetUp;

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
        slowUp = (float) Math.max(0, slowUp + score(z));
        slowDown = (float) Math.max(0, slowDown - low - .5);
        fastUp = (float) Math.max(0, fastUp + high - 1);
        fastDown = (float) Math.max(0, fastDown - high - 1);
        onsetUp = (float) Math.max(0, onsetUp + low - .5);
        if (onsetUp == 0) {
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

    /**
     * The same of z that has no heavy tail on either side: the downward limits serve both, but for the slow sum, which is another upwards.
     *
     * @param slowToo whether the slow statistics count
     */
    double rarityOfPair(boolean upwards, boolean slowToo) {
        double sign = upwards ? 1 : -1;
        double ofFast = Math.max(
                ShiftLimits.FAST.rarity(sign * fast / FAST_SD / PAIRED_MARGIN, false),
                ShiftLimits.SUM_FAST.rarity((upwards ? fastUp : fastDown) / PAIRED_MARGIN, false));
        double ofSlow = Math.max(
                ShiftLimits.SLOW.rarity(sign * level() / PAIRED_MARGIN, false),
                ShiftLimits.SUM_SLOW.rarity((upwards ? slowUp : slowDown) / PAIRED_MARGIN, upwards));
        return slowToo ? Math.max(ofFast, ofSlow) : ofFast;
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
        slowUp = onsetUp = slowDown = fastUp = fastDown = 0;
    }

    /** Begins anew at {@code step}. */
    void clear(long step) {
        slow = fast = slowUp = onsetUp = slowDown = fastUp = fastDown = 0;
        calmUp = step;
        calmDown = step;
    }

    void save(ByteBuffer out) {
        out.putFloat(slow).putFloat(fast).putFloat(slowUp).putFloat(slowDown).putFloat(fastUp);
        out.putFloat(fastDown).putFloat(onsetUp);
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
        onsetUp = in.getFloat();
        calmUp = Varint.take(in) - 1;
        calmDown = Varint.take(in) - 1;
    }

    /** Logarithm of how much likelier z is after a shift. */
    private static double score(double z) {
        double off = z - SHIFT;
        return .5 * (FREEDOM + 1) * Math.log((SPREAD + z * z) / (SPREAD + off * off));
    }

    private static double clip(double value, double at) {
        return Math.max(-at, Math.min(at, value));
    }
}
