package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;

/**
 * Finds a run that has fallen silent: {@code now - last > last - first} over its last {@value #WINDOW} observations, and
 * at least {@value #FLOOR_MILLIS} ms.
 *
 * <p>The silence is compared with the time that the last observations took, so one rule fits a job that logs every
 * second and one that logs every hour. All times are milliseconds since 1970 from the log itself.
 *
 * @see "Burrow's STOP rule, core/internal/evaluator"
 */
public final class StallRule {

    static final int WINDOW = 10;
    static final long FLOOR_MILLIS = 30_000;

    /** Bytes that {@link #save} writes. */
    public static final int BYTES = WINDOW * 8 + 3;

    private final long[] times = new long[WINDOW];
    private int next;
    private int filled;
    private boolean stalled;

    /** An observation came at a time; true when that ends a stall. */
    public boolean add(long timeMillis) {
        times[next] = timeMillis;
        next = (next + 1) % WINDOW;
        filled = Math.min(filled + 1, WINDOW);
        boolean ended = stalled;
        stalled = false;
        return ended;
    }

    /** Time has passed; true when that begins a stall. */
    public boolean check(long nowMillis) {
        if (stalled || filled < WINDOW) {
            return false;
        }
        long last = times[(next + WINDOW - 1) % WINDOW];
        long first = times[next];
        stalled = nowMillis - last > Math.max(last - first, FLOOR_MILLIS);
        return stalled;
    }

    /** Nothing more is expected; true when that ends a stall. */
    public boolean end() {
        boolean ended = stalled;
        stalled = false;
        filled = 0;
        return ended;
    }

    public void save(ByteBuffer out) {
        for (long time : times) {
            out.putLong(time);
        }
        out.put((byte) next).put((byte) filled).put((byte) (stalled ? 1 : 0));
    }

    public void load(ByteBuffer in) {
        for (int i = 0; i < WINDOW; i++) {
            times[i] = in.getLong();
        }
        next = in.get();
        filled = in.get();
        stalled = in.get() != 0;
    }
}
