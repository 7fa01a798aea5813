package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the learning rate falls in the cooldown of a WSD schedule. */
public enum DecayShape {
    @JsonProperty("linear")
    LINEAR,
    @JsonProperty("cosine")
    COSINE,
    /** lr falls as 1 - sqrt(x), x the fraction of the cooldown. */
    @JsonProperty("one-minus-sqrt")
    ONE_MINUS_SQRT,
    @JsonProperty("exponential")
    EXPONENTIAL
}
