package io.straightedge.protocol.signal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deviation that someone must hear of. Key {@code id}; the latest replaces all before it. What older messages do not
 * have is null or empty.
 *
 * @param id stable: study, run, attempt, rule and onset step, so that no restart pages twice
 * @param run empty where it is about the whole study
 * @param rule which rule raised it
 * @param onsetStep the first step that deviates
 * @param sizeNats observed minus predicted loss
 * @param since when the onset happened, when known
 * @param reason why it was resolved; null while it fires
 * @param split of the run
 * @param step the last step that it was seen at
 * @param sizeSigmas the size in standard deviations of one observation
 * @param changed time of the event that brought it into this state, when known
 * @param cost what it costs if it stays; null where that is not known
 * @param owner of the study
 * @param acknowledgedBy who has taken it on
 * @param silencedUntil it is not told to anybody before then
 * @param runs what it is about where it is about several runs of the study
 */
public record Alert(
        String id,
        String study,
        String run,
        int attempt,
        String rule,
        Severity severity,
        State state,
        long onsetStep,
        double sizeNats,
        @Nullable Instant since,
        String summary,
        @Nullable String reason,
        Map<String, String> labels,
        @Nullable String split,
        @Nullable Long step,
        @Nullable Double sizeSigmas,
        @Nullable Instant changed,
        @Nullable Cost cost,
        @Nullable String owner,
        @Nullable String acknowledgedBy,
        @Nullable Instant silencedUntil,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> runs) {

    /** How much it matters. */
    public enum Severity {
        @JsonProperty("info")
        INFO,
        @JsonProperty("warning")
        WARNING,
        /** It pages. */
        @JsonProperty("critical")
        CRITICAL
    }

    /** Where an alert is in its life. */
    public enum State {
        /** Found, and not yet sure or bad enough to be told to anybody. */
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("firing")
        FIRING,
        @JsonProperty("acknowledged")
        ACKNOWLEDGED,
        @JsonProperty("resolved")
        RESOLVED
    }

    /**
     * What a deviation costs if it stays.
     *
     * @param finalBefore the final loss that was predicted before the onset, nats per token
     * @param finalAfter what it would be
     * @param flops the compute that the law would have needed less for the loss that is lost; null without a law
     * @param share the same as a share of the run's training FLOPs
     */
    public record Cost(
            double finalBefore,
            double finalAfter,
            @Nullable Double flops,
            @Nullable Double share) {}

    public Alert {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        runs = runs == null ? List.of() : List.copyOf(runs);
    }

    /** Whether somebody should know of it now. */
    public boolean active() {
        return state == State.FIRING || state == State.ACKNOWLEDGED;
    }
}
