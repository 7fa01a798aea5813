package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The families of learning-rate schedules. */
public enum ScheduleKind {
    @JsonProperty("constant")
    CONSTANT,
    @JsonProperty("cosine")
    COSINE,
    @JsonProperty("linear")
    LINEAR,
    @JsonProperty("wsd")
    WSD,
    @JsonProperty("multistep")
    MULTISTEP,
    @JsonProperty("inverse-sqrt")
    INVERSE_SQRT,
    /** Given as (step, learning rate) pairs, linear between them. */
    @JsonProperty("points")
    POINTS
}
