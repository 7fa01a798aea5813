package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When alerts of one partition are silenced, and were. Time is a parameter. Not thread-safe. */
final class SilentTimes {

    private final Map<String, AlertCommand> byKey = new HashMap<>();

    void put(AlertCommand silence) {
        byKey.put(silence.key(), silence);
    }

    /** Whether an alert is not to be told now. */
    boolean cover(Alert alert, Instant now) {
        return ends(alert).anyMatch(now::isBefore);
    }

    /** When the last silence over an alert ended that has ended; null when there was none. */
    @Nullable
    Instant lastEnd(Alert alert, Instant now) {
        return ends(alert)
                .filter(end -> !now.isBefore(end))
                .max(Instant::compareTo)
                .orElse(null);
    }

    private Stream<Instant> ends(Alert alert) {
        Collection<AlertCommand> silences = byKey.values();
        Stream<Instant> said = silences.stream()
                .filter(silence -> silence.study().equals(alert.study()) && Labels.match(silence.matchers(), alert))
                .map(silence -> silence.until() == null ? silence.time() : silence.until())
                .filter(Objects::nonNull);
        return alert.silencedUntil() == null ? said : Stream.concat(said, Stream.of(alert.silencedUntil()));
    }
}
