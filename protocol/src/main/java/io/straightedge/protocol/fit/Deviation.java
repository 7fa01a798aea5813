package io.straightedge.protocol.fit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A detector's finding. Key {@code study/run}.
 *
 * @param id stable over its life: study, run, split, attempt, detector and onset
 * @param sequence how many events of the study had been applied
 * @param onsetStep the first step that deviates
 * @param step the step at which it was found, or found to have ended
 * @param score in the detector's own unit, larger is worse
 * @param sizeNats observed minus predicted loss; NaN where the detector has none
 * @param began true when it begins, false when it ends
 * @param time of the event that showed it, when known
 * @param message one sentence for a person
 */
public record Deviation(
        String study,
        String run,
        String split,
        String id,
        long sequence,
        int attempt,
        Detector detector,
        long onsetStep,
        long step,
        double score,
        double sizeNats,
        boolean began,
        @Nullable Instant time,
        String message) {

    /** The topic key. */
    public String key() {
        return study + "/" + run;
    }
}
