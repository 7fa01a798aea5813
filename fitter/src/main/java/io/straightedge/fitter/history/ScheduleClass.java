package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.LrPlan;

/** Schedules whose anneals compare. */
public enum ScheduleClass {
    /** Not known. */
    UNKNOWN,
    /** Hardly decays. */
    CONSTANT,
    /** Decays all the way from its peak: cosine, linear. */
    GRADUAL,
    /** Flat, then decays: WSD, multistep. */
    LATE;

    private static final double FLAT = .99;
    private static final double FLAT_SHARE = .09;
    private static final double ANNEALED = .95;

    /** The class of a plan, by its rates. */
    public static ScheduleClass of(LrPlan plan) {
        if (plan.assumed()) {
            return UNKNOWN;
        }
        double end = plan.plannedSteps();
        if (plan.rate(end) >= ANNEALED) {
            return CONSTANT;
        }
        double flat = plan.peakStep() + FLAT_SHARE * (end - plan.peakStep());
        return plan.rate(flat) >= FLAT ? LATE : GRADUAL;
    }
}
