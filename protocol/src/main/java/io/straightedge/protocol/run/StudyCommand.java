package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person tells a study.
 *
 * @param run the run it is about; needed by every action but {@code forget}
 * @param split the split it is about; all when null
 * @param toStudy where {@code move} moves the run
 * @param by who said it
 */
public record StudyCommand(
        String study,
        Action action,
        @Nullable String run,
        @Nullable String split,
        @Nullable String toStudy,
        @Nullable String by,
        @Nullable Instant time)
        implements TrainingEvent {

    /** The commands. */
    public enum Action {
        /** Take the run's present level for normal from now on. */
        @JsonProperty("accept-level")
        ACCEPT_LEVEL,
        /** Leave the run out of the law. */
        @JsonProperty("exclude")
        EXCLUDE,
        /** Bring an excluded run back. */
        @JsonProperty("include")
        INCLUDE,
        /** Move a run to another study. */
        @JsonProperty("move")
        MOVE,
        /** Forget a run, or without one the whole study; tombstones follow. */
        @JsonProperty("forget")
        FORGET
    }

    public StudyCommand {
        Names.require(study, "study");
        if (action == null) {
            throw new IllegalArgumentException("action is missing: accept-level, exclude, include, move or forget");
        }
        if (action != Action.FORGET) {
            Names.require(run, "run");
        }
        if (action == Action.MOVE) {
            Names.require(toStudy, "toStudy");
        }
    }
}
