package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The alerts of a study as they are, and which of them the message at hand has changed. Not thread-safe. */
final class Known {

    private final Silences silences;

    /** By run, then by id; those of the study itself are under the empty name. No run is without one. */
    private final TreeMap<String, TreeMap<String, Alert>> alerts = new TreeMap<>();

    /** What has been touched by the message at hand, as it was; empty between messages. */
    private final Map<String, Before> touched = new LinkedHashMap<>();

    private record Before(String run, @Nullable Alert alert) {}

    Known(Silences silences) {
        this.silences = silences;
    }

    boolean isEmpty() {
        return alerts.isEmpty();
    }

    List<Alert> all() {
        return alerts.values().stream().flatMap(its -> its.values().stream()).toList();
    }

    /** The alerts of a run, by id; a view. */
    Map<String, Alert> of(String run) {
        return alerts.getOrDefault(run, new TreeMap<>());
    }

    /** As it was; not a change. */
    void restore(Alert alert) {
        alerts.computeIfAbsent(alert.run(), run -> new TreeMap<>()).put(alert.id(), alert);
    }

    void remove(String id) {
        alerts.values().forEach(its -> its.remove(id));
        alerts.values().removeIf(Map::isEmpty);
    }

    /** Takes away and gives the alerts of a run. */
    Collection<Alert> removeOf(String run) {
        TreeMap<String, Alert> gone = alerts.remove(run);
        return gone == null ? List.of() : gone.values();
    }

    /** As it is now, with the silences about it. */
    void put(Alert alert) {
        Draft draft = Draft.of(alert);
        if (alert.state() != Alert.State.RESOLVED) {
            draft.silencedUntil = silences.until(alert);
        }
        Alert before =
                alerts.computeIfAbsent(alert.run(), run -> new TreeMap<>()).put(alert.id(), draft.alert());
        touched.putIfAbsent(alert.id(), new Before(alert.run(), before));
    }

    /** What differs from before the message, which is then done with. */
    List<Alert> changes() {
        List<Alert> changed = new ArrayList<>();
        touched.forEach((id, before) -> {
            Alert now = Objects.requireNonNull(of(before.run()).get(id));
            if (!now.equals(before.alert())) {
                changed.add(now);
            }
        });
        touched.clear();
        return changed;
    }
}
