package io.straightedge.protocol.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run.
 *
 * @param finalLoss the evaluated final loss in the study's unit, if the job knows one
 */
public record RunEnd(
        String study,
        String run,
        Outcome outcome,
        @Nullable Double finalLoss,
        @Nullable Instant time) implements TrainingEvent {
    public RunEnd {
        Names.require(study, "study");
        Names.require(run, "run");
        if (outcome == null) {
            throw new IllegalArgumentException("outcome is missing: finished, failed or killed");
        }
    }
}
