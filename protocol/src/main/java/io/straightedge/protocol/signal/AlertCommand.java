package io.straightedge.protocol.signal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.straightedge.protocol.signal.Alert.State;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person says of alerts, or a sink of one that it has taken. On {@code alert-commands}, in the study's partition;
 * the latest of a key replaces all before it.
 *
 * @param key {@code ack/ALERT}, {@code silence/STUDY/NAME} or {@code told/SINK/ALERT}; slashes and percent signs in names
 *     are percent-encoded, as studies of one partition share its keys
 * @param alert the alert's id; null for a silence
 * @param by who said it, or the name of the sink
 * @param matchers what a silence is about: labels with their values, {@code run}, {@code rule} and {@code severity} among
 *     them; all must match. Of what a sink was told: the {@code severity} that it was told
 * @param until when a silence ends; null ends it now
 * @param state what the sink was told last
 */
public record AlertCommand(
        String key,
        String study,
        Action action,
        @Nullable String alert,
        @Nullable String by,
        @Nullable String comment,
        @Nullable Instant time,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> matchers,
        @Nullable Instant until,
        @Nullable State state) {

    /** The commands. */
    public enum Action {
        /** Somebody has taken the alert on. */
        @JsonProperty("acknowledge")
        ACKNOWLEDGE,
        /** Alerts that match are not told before its end. */
        @JsonProperty("silence")
        SILENCE,
        /** A sink has taken the alert in a state. */
        @JsonProperty("told")
        TOLD
    }

    public AlertCommand {
        matchers = matchers == null ? Map.of() : Map.copyOf(matchers);
    }
}
