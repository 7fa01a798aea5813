package io.straightedge.publisher.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.publisher.rule.AlertBook;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the alert lane says of itself: how many alerts there are, and how many pages and warnings in 1,000 run-days, which
 * is what the budget is about; true ones are among them. Written by the lane, read by any thread.
 */
final class AlertMeters {

    private static final double THOUSAND = 1000;

    /** As of one moment; the counts are not changed once they are here. */
    private record Tally(Map<State, Map<Severity, Long>> counts, Map<Severity, Long> told, double runDays) {

        long of(State state, Severity severity) {
            return counts.getOrDefault(state, Map.of()).getOrDefault(severity, 0L);
        }

        /** Alerts of that severity that somebody was told of, those of a fleet or an event once; in 1,000 run-days, NaN before any. */
        double rate(Severity severity) {
            return runDays > 0 ? THOUSAND * told.getOrDefault(severity, 0L) / runDays : Double.NaN;
        }
    }

    private final MeterRegistry meters;
    private volatile Tally tally = new Tally(Map.of(), Map.of(), 0);

    AlertMeters(MeterRegistry meters) {
        this.meters = meters;
        for (State state : State.values()) {
            for (Severity severity : Severity.values()) {
                Gauge.builder("straightedge.alerts", () -> tally.of(state, severity))
                        .tag("state", word(state))
                        .tag("severity", word(severity))
                        .description("Alerts known to this instance")
                        .register(meters);
            }
        }
        rate("pages", Severity.CRITICAL);
        rate("warnings", Severity.WARNING);
        Gauge.builder("straightedge.alerts.run.days", () -> tally.runDays)
                .description("Days that the runs of this instance have been watched for, by their observations")
                .register(meters);
    }

    private void rate(String what, Severity severity) {
        Gauge.builder("straightedge.alerts." + what + ".per.thousand.run.days", () -> tally.rate(severity))
                .description("Alerts of this severity told in 1,000 run-days, true ones included")
                .register(meters);
    }

    /** An alert has changed and that is committed. */
    void changed(Alert alert) {
        Counter.builder("straightedge.alerts.changes")
                .tag("state", word(alert.state()))
                .tag("severity", word(alert.severity()))
                .tag("rule", alert.rule())
                .description("Alerts written by the alert lane")
                .register(meters)
                .increment();
    }

    /** Counts what the books hold. */
    void tally(Collection<AlertBook> books) {
        Map<State, Map<Severity, Long>> counts = new EnumMap<>(State.class);
        Map<Severity, Long> told = new EnumMap<>(Severity.class);
        double runDays = 0;
        for (AlertBook book : books) {
            runDays += book.runDays();
            for (Alert alert : book.alerts()) {
                counts.computeIfAbsent(alert.state(), state -> new EnumMap<>(Severity.class))
                        .merge(alert.severity(), 1L, Long::sum);
                if (told(alert)) {
                    told.merge(alert.severity(), 1L, Long::sum);
                }
            }
        }
        tally = new Tally(counts, told, runDays);
    }

    private static boolean told(Alert alert) {
        return alert.state() != State.PENDING
                && !alert.labels().containsKey(AlertBook.FLEET_LABEL)
                && !alert.labels().containsKey(AlertBook.PART_LABEL)
                && !alert.labels().containsKey(AlertBook.UNTOLD_LABEL);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
