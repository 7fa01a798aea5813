package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a run ended. */
public enum Outcome {
    @JsonProperty("finished")
    FINISHED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("killed")
    KILLED
}
