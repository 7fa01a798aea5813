package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An alert in Alertmanager's terms. Its labels are its identity there, so they hold nothing that changes while it fires
 * but the severity; all else is in the annotations. Pure.
 */
final class AlertmanagerLabels {

    private static final int MOST_LABELS = 30;

    /** Labels of ours that come and go: which other alert speaks for this one, and whether it was told. */
    private static final String OWN = "straightedge_";

    private AlertmanagerLabels() {}

    static Map<String, String> of(Alert alert, Severity severity) {
        Map<String, String> labels = new TreeMap<>();
        new TreeMap<>(alert.labels())
                .entrySet().stream()
                        .filter(label -> !label.getKey().startsWith(OWN))
                        .limit(MOST_LABELS)
                        .forEach(label -> put(labels, name(label.getKey()), label.getValue()));
        put(labels, "alertname", alertName(alert.rule()));
        put(labels, "severity", SelfAlerts.alive(alert) ? "none" : Labels.severity(severity));
        if (!alert.study().isEmpty()) {
            put(labels, "study", alert.study());
            put(labels, "attempt", Integer.toString(alert.attempt()));
            put(labels, "onset_step", Long.toString(alert.onsetStep()));
        }
        put(labels, "run", alert.run());
        put(labels, "rule", alert.rule());
        put(labels, "split", alert.split());
        put(labels, "owner", alert.owner());
        return labels;
    }

    /** When the alert began: its onset, else when it came to be so; before now whatever the clocks of others say. */
    static Instant startsAt(Alert alert, Instant now) {
        Instant known = alert.since() != null ? alert.since() : alert.changed();
        Instant latest = now.minusSeconds(1);
        Instant starts = known == null || known.isAfter(latest) ? latest : known;
        return starts.truncatedTo(ChronoUnit.MILLIS);
    }

    /** When the alert was resolved, between its start and now. */
    static Instant resolvedAt(Alert alert, Instant now) {
        Instant earliest = startsAt(alert, now).plusMillis(1);
        Instant known = alert.changed() == null || alert.changed().isAfter(now) ? now : alert.changed();
        return (known.isBefore(earliest) ? earliest : known).truncatedTo(ChronoUnit.MILLIS);
    }

    /** {@code StraightedgeHiddenNan} for {@code hidden-nan}. */
    static String alertName(String rule) {
        StringBuilder name = new StringBuilder("Straightedge");
        boolean upper = true;
        for (int i = 0; i < rule.length(); i++) {
            char character = rule.charAt(i);
            boolean plain = Character.isLetterOrDigit(character) && character < 128;
            if (plain) {
                name.append(upper ? Character.toUpperCase(character) : character);
            }
            upper = !plain;
        }
        return Inert.name(name.toString());
    }

    private static String name(String label) {
        String allowed = label.replaceAll("[^a-zA-Z0-9_]", "_");
        String named = allowed.isEmpty() || Character.isDigit(allowed.charAt(0)) ? "_" + allowed : allowed;
        // Names that begin with two underscores are Alertmanager's own.
        return Inert.name(named.startsWith("__") ? "label" + named : named);
    }

    /** Empty is the same as absent there. */
    private static void put(Map<String, String> labels, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            labels.put(name, Inert.name(value));
        }
    }
}
