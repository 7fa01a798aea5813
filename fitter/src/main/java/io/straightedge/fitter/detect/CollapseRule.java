package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds a loss that is a number and says nothing any more.
 *
 * <ul>
 *   <li>Exactly 0: no language model's loss is; trainers that filter NaN log it.
 *   <li>At ln V or above, V the vocabulary, after it was {@value #LEARNT_NATS} nats below: the model guesses, or worse.
 *   <li>{@value #GLUED} times the very same value.
 * </ul>
 *
 * <p>All but the last at once. Over when the loss is another again: above 0, {@value #LEARNT_NATS} nats below ln V, or
 * different. O(1) an observation. Losses in nats per token.
 */
public final class CollapseRule {

    static final double LEARNT_NATS = .5;
    static final double AT_GUESSING_NATS = .02;
    static final int GLUED = 10;

    /** Bytes that {@link #save} writes. */
    public static final int BYTES = 4 + 8 + 8 + 1 + 1;

    /** What an observation meant. */
    public enum Verdict {
        CALM,
        /** The loss has collapsed with this observation. */
        BEGAN,
        /** Still says nothing. */
        COLLAPSED,
        /** Says something again with this observation. */
        ENDED
    }

    private float lowest = Float.POSITIVE_INFINITY;
    private double last = Double.NaN;
    private int same;
    private long onsetStep = -1;
    private boolean collapsed;

    /** The verdict on a finite loss at a step; {@code vocabulary} is V, null when unknown. */
    public Verdict add(long step, double loss, @Nullable Integer vocabulary) {
        same = loss == last ? Math.min(GLUED, same + 1) : 1;
        last = loss;
        boolean now = fault(loss, vocabulary) != null;
        if (!now) {
            lowest = Math.min(lowest, (float) loss);
        }
        boolean before = collapsed;
        collapsed = now;
        if (now && !before) {
            onsetStep = step;
        }
        return now ? (before ? Verdict.COLLAPSED : Verdict.BEGAN) : before ? Verdict.ENDED : Verdict.CALM;
    }

    /** What is wrong with the last loss, for people; null when nothing is. */
    public @Nullable String fault(@Nullable Integer vocabulary) {
        return Double.isNaN(last) ? null : fault(last, vocabulary);
    }

    private @Nullable String fault(double loss, @Nullable Integer vocabulary) {
        if (loss == 0) {
            return "the loss is exactly 0";
        }
        double guessing = vocabulary == null || vocabulary < 2 ? Double.NaN : Math.log(vocabulary);
        double allowed = collapsed ? LEARNT_NATS : AT_GUESSING_NATS;
        if (lowest < guessing - LEARNT_NATS && loss >= guessing - allowed) {
            return String.format(
                    Locale.ROOT,
                    "the loss is %.4f, that of guessing among %,d words or worse; it had been %.3f",
                    loss,
                    vocabulary,
                    lowest);
        }
        return same >= GLUED
                ? String.format(Locale.ROOT, "the loss is the very same, %s, again and again", loss)
                : null;
    }

    public boolean collapsed() {
        return collapsed;
    }

    /** Where the present or last collapse began; negative before the first. */
    public long onsetStep() {
        return onsetStep;
    }

    /** The lowest loss before. */
    public double lowest() {
        return lowest;
    }

    /** A new attempt: what was the same before need not be so again. */
    public void restart() {
        collapsed = false;
        same = 0;
        last = Double.NaN;
    }

    public void save(ByteBuffer out) {
        out.putFloat(lowest).putDouble(last).putLong(onsetStep);
        out.put((byte) same).put((byte) (collapsed ? 1 : 0));
    }

    public void load(ByteBuffer in) {
        lowest = in.getFloat();
        last = in.getDouble();
        onsetStep = in.getLong();
        same = in.get();
        collapsed = in.get() != 0;
    }
}
