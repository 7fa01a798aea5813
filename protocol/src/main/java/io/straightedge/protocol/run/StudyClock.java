package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which time rules the study's stall detection. */
public enum StudyClock {
    /** Wall time, as the ticks in the log tell it. */
    @JsonProperty("wall")
    WALL,
    /** The times in the events, for replayed history; ticks are ignored. */
    @JsonProperty("event")
    EVENT
}
