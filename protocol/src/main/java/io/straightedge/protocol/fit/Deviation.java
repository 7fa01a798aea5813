package io.straightedge.protocol.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A detector's finding. Key {@code study/run}. One finding has several messages under one {@code id}: it begins, grows
 * surer or larger while it goes on, and ends. What older messages do not have is null or empty.
 *
 * @param id stable over its life: study, run, split, attempt, detector and onset
 * @param sequence how many events of the study had been applied
 * @param onsetStep the first step that deviates
 * @param step the step at which it was found, seen to go on, or found to have ended
 * @param score in the detector's own unit, larger is worse
 * @param sizeNats observed minus predicted loss; NaN where the detector has none
 * @param began true while it is on, false when it has ended
 * @param time of the event that showed it, when known
 * @param message one sentence for a person
 * @param phase where in its life this message stands
 * @param sizeSigmas the size in standard deviations of one observation; null where the detector has none
 * @param observations since the onset, the first included
 * @param oncePer a run without fault would show so high a score once in so many observations; infinite where it could
 *     not at all; null where the detector does not say
 * @param perDay observations a day, as the run has logged lately; null when their times are not known
 * @param since when the onset was logged, when known
 * @param outlook what it means for the run's end
 * @param owner of the study
 * @param labels of the study and the run, the run's before the study's
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
        String message,
        Phase phase,
        @Nullable Double sizeSigmas,
        @Nullable Long observations,
        @Nullable Double oncePer,
        @Nullable Double perDay,
        @Nullable Instant since,
        @Nullable Outlook outlook,
        @Nullable String owner,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels) {

    /** Where in its life a message stands. */
    public enum Phase {
        @JsonProperty("began")
        BEGAN,
        @JsonProperty("goes-on")
        GOES_ON,
        @JsonProperty("ended")
        ENDED
    }

    /**
     * What a finding means for the run's end.
     *
     * @param finalBefore the final loss that was predicted before the onset, nats per token
     * @param finalAfter what it would be if the deviation stayed as it is
     * @param params N
     * @param tokens D at the planned end
     * @param runFlops the run's planned training FLOPs
     */
    public record Outlook(
            @Nullable Double finalBefore,
            @Nullable Double finalAfter,
            @Nullable Double params,
            @Nullable Double tokens,
            @Nullable Double runFlops) {}

    public Deviation {
        phase = phase == null ? (began ? Phase.BEGAN : Phase.ENDED) : phase;
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /** A finding of which no more is known than every message tells. */
    public static Deviation of(
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
        return new Deviation(
                study,
                run,
                split,
                id,
                sequence,
                attempt,
                detector,
                onsetStep,
                step,
                score,
                sizeNats,
                began,
                time,
                message,
                began ? Phase.BEGAN : Phase.ENDED,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of());
    }

    /** The topic key. */
    public String key() {
        return study + "/" + run;
    }
}
