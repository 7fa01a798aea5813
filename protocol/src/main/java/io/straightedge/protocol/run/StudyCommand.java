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
 * @param name of the other plan that {@code what-if} asks about
 * @param plannedSteps where that plan ends; the run's own end when null
 * @param schedule of that plan, from where the run stands on; the run's own when null
 * @param cooldownFrom in place of a schedule: the step from which the rate falls to zero in a line
 * @param cooldownSteps how long it falls; to the planned end when null
 */
public record StudyCommand(
        String study,
        Action action,
        @Nullable String run,
        @Nullable String split,
        @Nullable String toStudy,
        @Nullable String by,
        @Nullable Instant time,
        @Nullable String name,
        @Nullable Long plannedSteps,
        @Nullable Schedule schedule,
        @Nullable Long cooldownFrom,
        @Nullable Long cooldownSteps)
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
        FORGET,
        /** Forecast the run under another plan too, from now on; without a plan, no longer. */
        @JsonProperty("what-if")
        WHAT_IF
    }

    public StudyCommand {
        Names.require(study, "study");
        if (action == null) {
            throw new IllegalArgumentException(
                    "action is missing: accept-level, exclude, include, move, forget or what-if");
        }
        if (action != Action.FORGET) {
            Names.require(run, "run");
        }
        if (action == Action.MOVE) {
            Names.require(toStudy, "toStudy");
        }
        if (action == Action.WHAT_IF) {
            Names.require(name, "name");
        }
        requireSteps(plannedSteps, "plannedSteps", 1);
        requireSteps(cooldownFrom, "cooldownFrom", 0);
        requireSteps(cooldownSteps, "cooldownSteps", 1);
        if (cooldownFrom == null) {
            if (cooldownSteps != null) {
                throw new IllegalArgumentException("cooldownFrom is missing: cooldownSteps is counted from it");
            }
        } else if (schedule != null) {
            throw new IllegalArgumentException("cooldownFrom stands in place of a schedule: give one of them");
        } else if (plannedSteps != null
                && (cooldownSteps == null
                        ? plannedSteps <= cooldownFrom
                        : plannedSteps != cooldownFrom + cooldownSteps)) {
            throw new IllegalArgumentException("plannedSteps is " + plannedSteps
                    + ": it must be where the cooldown from step " + cooldownFrom + " ends");
        }
    }

    /** A command without what only some of them need. */
    public static StudyCommand of(String study, Action action, @Nullable String run) {
        return new StudyCommand(study, action, run, null, null, null, null, null, null, null, null, null);
    }

    /** A {@code what-if} about another end or schedule; without either it is no longer asked. */
    public static StudyCommand whatIf(
            String study, String run, String name, @Nullable Long plannedSteps, @Nullable Schedule schedule) {
        return new StudyCommand(
                study, Action.WHAT_IF, run, null, null, null, null, name, plannedSteps, schedule, null, null);
    }

    /** A {@code what-if} about a linear cooldown to zero. */
    public static StudyCommand whatIfCooldown(
            String study, String run, String name, long cooldownFrom, @Nullable Long cooldownSteps) {
        return new StudyCommand(
                study, Action.WHAT_IF, run, null, null, null, null, name, null, null, cooldownFrom, cooldownSteps);
    }

    /** Whether it holds another plan; a {@code what-if} without one takes its name off the list. */
    public boolean hasPlan() {
        return plannedSteps != null || schedule != null || cooldownFrom != null;
    }

    private static void requireSteps(@Nullable Long steps, String field, long least) {
        if (steps != null && steps < least) {
            throw new IllegalArgumentException(field + " is " + steps + ": it must be at least " + least);
        }
    }
}
