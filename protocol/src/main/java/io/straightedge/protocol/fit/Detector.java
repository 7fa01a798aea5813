package io.straightedge.protocol.fit;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What can be found wrong, or worth knowing, about a run. */
public enum Detector {
    /** The loss is NaN, infinite, or absent while the step moves. */
    @JsonProperty("non-finite")
    NON_FINITE,
    /** The loss has jumped up. */
    @JsonProperty("spike")
    SPIKE,
    /** The loss has left its forecast upwards and stays there. */
    @JsonProperty("drift")
    DRIFT,
    /** The loss goes up and up, or does not come back. */
    @JsonProperty("divergence")
    DIVERGENCE,
    /** The loss no longer falls where it was forecast to. */
    @JsonProperty("plateau")
    PLATEAU,
    /** The loss has not begun to fall. */
    @JsonProperty("never-learns")
    NEVER_LEARNS,
    /** Nothing is logged any more. */
    @JsonProperty("stall")
    STALL,
    /** The loss has left its forecast downwards: a leak, data seen before, a broken metric. */
    @JsonProperty("too-good")
    TOO_GOOD,
    /** The gradient norm has left its level upwards. */
    @JsonProperty("gradient")
    GRADIENT,
    /** The run differs from a run that sees the same data in the same order. */
    @JsonProperty("paired")
    PAIRED,
    /** The run will not end where the study's law and other runs predict for its N and D. */
    @JsonProperty("off-law")
    OFF_LAW,
    /** The run's curve has not the shape that those of the study's finished runs have with such a schedule. */
    @JsonProperty("off-ladder")
    OFF_LADDER,
    /** The loss looks like one of another unit than the study's. */
    @JsonProperty("unit-mismatch")
    UNIT_MISMATCH,
    /** The run's end has moved the study's law beyond what the law allowed for. Information, not trouble. */
    @JsonProperty("law-jump")
    LAW_JUMP,
    /** Many runs of the study are above their forecasts at the same step; it is about no run. */
    @JsonProperty("shared")
    SHARED,
    /** Steps went backwards: a new attempt began. Information, not trouble. */
    @JsonProperty("restart")
    RESTART,
    /** The learning rate left its plan. Information, not trouble. */
    @JsonProperty("rate-change")
    RATE_CHANGE,
    /** The tokens of a step changed, and nobody had announced it. Information, not trouble. */
    @JsonProperty("batch-change")
    BATCH_CHANGE
}
