package io.straightedge.ingest.simulate;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that was made to go wrong.
 *
 * @param step the first logged step it shows at
 * @param endStep the last one; for a restart the step it went back to, for a divergence the last of the run
 */
public record Fault(String study, String run, Kind kind, long step, long endStep) {

    /** What can be injected. */
    public enum Kind {
        /** The loss jumps up and is back within a few observations. */
        @JsonProperty("spike")
        SPIKE,
        /** The loss rises and does not come back; the run is killed. */
        @JsonProperty("divergence")
        DIVERGENCE,
        /** A few losses are NaN. */
        @JsonProperty("nan")
        NAN,
        /** Nothing is logged for a while, then it goes on. */
        @JsonProperty("stall")
        STALL,
        /** The job goes back to a checkpoint and repeats steps; it does not say so. */
        @JsonProperty("restart")
        RESTART
    }
}
