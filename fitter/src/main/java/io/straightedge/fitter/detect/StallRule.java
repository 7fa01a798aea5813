package io.straightedge.fitter.detect;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds a run that has fallen silent: {@code now - last > last - first} over its last three observations, longer than
 * the longest of its last nine intervals, and at least {@value #FLOOR_MILLIS} ms.
 *
 * <p>The silence is compared with the time that the last observations took, so one rule fits a job that logs every
 * second and one that logs every hour, and evaluations or checkpoints that come in the last nine intervals are no
 * silence. All times are milliseconds since 1970 from the log itself; one that goes back counts as the one before.
 *
 * @see "Burrow's STOP rule, core/internal/evaluator"
 */
public final class StallRule {

    static final int WINDOW = 10;
    static final int LEAST = 4;
    static final long FLOOR_MILLIS = 60_000;

    /** Silences that are worth telling of again, in ms. */
    private static final long[] TOLD_AGAIN = {5 * 60_000L, 15 * 60_000L, 60 * 60_000L, 4 * 3600_000L, 24 * 3600_000L};

    private static final double DAY_MILLIS = 24 * 3600_000.0;

    /** Most bytes that {@link #save} writes. */
    public static final int BYTES = 9 * WINDOW + 2;

    /** What the passing of time meant. */
    public enum Verdict {
        CALM,
        /** The run has fallen silent. */
        BEGAN,
        /** It is still silent, after a time that is worth telling. */
        LASTED
    }

    /** The newest first; [0, filled). */
    private final long[] times = new long[WINDOW];

    private int filled;
    /** How often the present stall has been told of; 0 while there is none. */
    private int told;

    /** An observation came at a time; true when that ends a stall. */
    public boolean add(long timeMillis) {
        long now = filled > 0 ? Math.max(timeMillis, times[0]) : timeMillis;
        System.arraycopy(times, 0, times, 1, WINDOW - 1);
        times[0] = now;
        filled = Math.min(filled + 1, WINDOW);
        boolean ended = told > 0;
        told = 0;
        return ended;
    }

    /** Time has passed. */
    public Verdict check(long nowMillis) {
        long silent = silentMillis(nowMillis);
        if (filled < LEAST || (told == 0 && silent <= limitMillis())) {
            return Verdict.CALM;
        }
        int before = told;
        told = Math.max(told, 1 + passed(silent));
        return before == 0 ? Verdict.BEGAN : told > before ? Verdict.LASTED : Verdict.CALM;
    }

    /** A longer silence is a stall, ms. */
    private long limitMillis() {
        long longest = 0;
        for (int i = 1; i < filled; i++) {
            longest = Math.max(longest, times[i - 1] - times[i]);
        }
        return Math.max(FLOOR_MILLIS, Math.max(times[0] - times[2], longest));
    }

    private static int passed(long silentMillis) {
        int passed = 0;
        while (passed < TOLD_AGAIN.length && silentMillis >= TOLD_AGAIN[passed]) {
            passed++;
        }
        return passed;
    }

    /** Time since the last observation, ms. */
    public long silentMillis(long nowMillis) {
        return nowMillis - times[0];
    }

    /** Mean time between the last observations, ms; NaN before the second. */
    public double intervalMillis() {
        return filled < 2 ? Double.NaN : (times[0] - times[filled - 1]) / (filled - 1.0);
    }

    /** Observations a day, as they came lately; null while that is not known. */
    public @Nullable Double perDay() {
        double interval = intervalMillis();
        return interval > 0 ? Double.valueOf(DAY_MILLIS / interval) : null;
    }

    /** Nothing more is expected; true when that ends a stall. */
    public boolean end() {
        boolean ended = told > 0;
        told = 0;
        filled = 0;
        return ended;
    }

    public void save(ByteBuffer out) {
        out.put((byte) filled).put((byte) told);
        for (int i = 0; i < filled; i++) {
            if (i == 0) {
                out.putLong(times[0]);
            } else {
                Varint.put(out, times[i - 1] - times[i]);
            }
        }
    }

    public void load(ByteBuffer in) {
        filled = in.get();
        told = in.get();
        for (int i = 0; i < filled; i++) {
            times[i] = i == 0 ? in.getLong() : times[i - 1] - Varint.take(in);
        }
    }
}
