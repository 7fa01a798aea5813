package io.straightedge.protocol.fit;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a run is in its life. */
public enum RunStatus {
    /** A manifest came, no loss yet. */
    @JsonProperty("planned")
    PLANNED,
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("finished")
    FINISHED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("killed")
    KILLED;

    /** Whether no more losses are expected. */
    public boolean ended() {
        return this == FINISHED || this == FAILED || this == KILLED;
    }
}
