package io.straightedge.fitter.detect;

import io.straightedge.fitter.interval.StudentT;

/**
 * Says whether one more run has moved a law by more than the law had allowed for.
 *
 * <p>The prediction at a place of interest jumps when it moves by {@value #LEAST_NATS} nats or more and beyond its own 95 %
 * interval from before: P(|t| &gt; (after - before) / sd) &lt; {@value #OUTSIDE}. The recommended size jumps when it moves by a
 * factor of {@value #LEAST_FACTOR} or more either way, in laws of {@value #LEAST_RUNS} runs at
 * least. Pure.
 */
public final class LawJumpRule {

    private static final double LEAST_NATS = .01;
    private static final double OUTSIDE = .05;
    private static final double LEAST_FACTOR = 2;
    private static final int LEAST_RUNS = 12;

    private LawJumpRule() {}

    /**
     * Whether a prediction jumps.
     *
     * @param sd of the earlier prediction, the law's alone, with {@code freedom} degrees of freedom
     */
    public static boolean lossJumps(double before, double after, double sd, double freedom) {
        double moved = Math.abs(after - before);
        return moved >= LEAST_NATS && StudentT.beyond(moved / sd, freedom) < OUTSIDE;
    }

    /** Whether a recommended N jumps, of a law of {@code runs} runs. */
    public static boolean sizeJumps(double before, double after, int runs) {
        return runs >= LEAST_RUNS && Math.max(before / after, after / before) >= LEAST_FACTOR;
    }
}
