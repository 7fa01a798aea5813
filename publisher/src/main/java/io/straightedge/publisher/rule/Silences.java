package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.notify.Labels;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The silences of a study, past ones too: whether one is over, only a clock can tell. Not thread-safe. */
final class Silences {

    private final TreeMap<String, AlertCommand> silences = new TreeMap<>();

    void keep(AlertCommand silence) {
        if (silence.until() == null) {
            silences.remove(silence.key());
        } else {
            silences.put(silence.key(), silence);
        }
    }

    void forget(String key) {
        silences.remove(key);
    }

    boolean empty() {
        return silences.isEmpty();
    }

    /** When the last of the silences about an alert ends; null without one. */
    @Nullable
    Instant until(Alert alert) {
        return silences.values().stream()
                .filter(silence -> Labels.match(silence.matchers(), alert))
                .map(AlertCommand::until)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
