package io.straightedge.protocol.signal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deviation that someone must hear of. Key {@code id}; the latest replaces all before it.
 *
 * @param id stable: study, run, attempt, rule and onset step, so that no restart pages twice
 * @param rule which rule raised it
 * @param onsetStep the first step that deviates
 * @param sizeNats observed minus predicted loss
 * @param since when the onset happened, when known
 * @param reason why it was resolved; null while it fires
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
        Map<String, String> labels) {

    /** How much it matters. */
    public enum Severity {
        @JsonProperty("info")
        INFO,
        @JsonProperty("warning")
        WARNING,
        @JsonProperty("critical")
        CRITICAL
    }

    /** Where an alert is in its life. */
    public enum State {
        @JsonProperty("firing")
        FIRING,
        @JsonProperty("acknowledged")
        ACKNOWLEDGED,
        @JsonProperty("resolved")
        RESOLVED
    }

    public Alert {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }
}
