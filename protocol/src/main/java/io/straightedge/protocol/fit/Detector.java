package io.straightedge.protocol.fit;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What can be found wrong, or worth knowing, about a run. */
public enum Detector {
    /** The loss is NaN, infinite, or absent while the step moves. */
    @JsonProperty("non-finite")
    NON_FINITE,
    @JsonProperty("spike")
    SPIKE,
    @JsonProperty("drift")
    DRIFT,
    @JsonProperty("divergence")
    DIVERGENCE,
    @JsonProperty("plateau")
    PLATEAU,
    @JsonProperty("stall")
    STALL,
    @JsonProperty("too-good")
    TOO_GOOD,
    /** Steps went backwards: a new attempt began. Information, not trouble. */
    @JsonProperty("restart")
    RESTART
}
