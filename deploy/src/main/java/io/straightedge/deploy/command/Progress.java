package io.straightedge.deploy.command;

import java.io.PrintStream;
import java.util.Locale;

/** A bar on standard error for long work; silent where there is no terminal or nobody wants it. */
final class Progress implements AutoCloseable {

    /** Set by the launcher, which can ask whether standard error is a terminal; Java 17 cannot. */
    private static final String TERMINAL = "straightedge.terminal";

    private static final int WIDTH = 30;
    private static final long DRAW_NANOS = 100_000_000;

    private final String unit;
    private final long total;
    private final boolean shown;
    private final PrintStream out = System.err;
    private final long beganNanos = System.nanoTime();
    private long drawnNanos = beganNanos - DRAW_NANOS;

    private Progress(String unit, long total, boolean shown) {
        this.unit = unit;
        this.total = Math.max(1, total);
        this.shown = shown;
    }

    static Progress of(String unit, long total, boolean wanted) {
        return new Progress(unit, total, wanted && Boolean.getBoolean(TERMINAL));
    }

    /** So many of the total are done. */
    void reached(long done) {
        long now = System.nanoTime();
        if (shown && (now - drawnNanos >= DRAW_NANOS || done >= total)) {
            drawnNanos = now;
            out.print("\r" + line(done, total, unit, (now - beganNanos) / 1e9));
            out.flush();
        }
    }

    static String line(long done, long total, String unit, double seconds) {
        int filled = (int) Math.min(WIDTH, WIDTH * done / total);
        double rate = seconds > 0 ? done / seconds : 0;
        return String.format(
                Locale.ROOT,
                "[%s%s] %3d %%  %,d of %,d %s  %,.0f/s ",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                100 * done / total,
                done,
                total,
                unit,
                rate);
    }

    @Override
    public void close() {
        if (shown) {
            out.println();
        }
    }
}
