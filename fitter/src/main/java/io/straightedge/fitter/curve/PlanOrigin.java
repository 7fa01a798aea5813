package io.straightedge.fitter.curve;

/** Where a run's learning-rate plan comes from, from sure to unsure. */
public enum PlanOrigin {
    /** The job sent it, and the rates seen follow it. */
    SENT,
    /**
     * The job sent it, the rates seen did not follow it: they are the past, and the plan, scaled to meet them, the
     * rest.
     */
    MENDED,
    /** The job sent none: the rest continues the shape of the rates seen. */
    INFERRED,
    /** Nothing tells the rest: it is taken as constant. */
    ASSUMED
}
