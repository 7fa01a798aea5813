package io.straightedge.fitter.detect;

/**
 * Tells a jump of the learning rate, planned or not.
 *
 * <p>From one observation to the next the rate changed by a factor r where the plan has r': it jumped by the plan where
 * |ln r'| &gt; ln {@value #JUMP}, and without one where |ln r / r'| is. Warm-up is not looked at: plans differ there.
 */
public final class RateRule {

    static final double JUMP = 1.25;

    private static final double LOG_JUMP = Math.log(JUMP);

    /** What the rate did. */
    public enum Verdict {
        STEADY,
        PLANNED_JUMP,
        /** It jumped, and the plan has nothing of it. */
        JUMP
    }

    private RateRule() {}

    /**
     * The verdict.
     *
     * @param before logged rate of the observation before; NaN when it was not logged
     * @param now logged rate; NaN when it was not
     * @param plannedBefore planned rate there, in any unit; NaN without a plan
     * @param plannedNow planned rate here
     */
    public static Verdict of(double before, double now, double plannedBefore, double plannedNow) {
        double planned = Math.log(plannedNow / plannedBefore);
        double change = Math.log(now / before);
        if (plannedNow > 0 && plannedBefore > 0 && before > 0 && now > 0 && Math.abs(change - planned) > LOG_JUMP) {
            return Verdict.JUMP;
        }
        return Math.abs(planned) > LOG_JUMP ? Verdict.PLANNED_JUMP : Verdict.STEADY;
    }
}
