package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each sink is still to be told of the alerts of one partition.
 *
 * <p>A difference, never a queue: the latest state of an alert against what a sink was told last. So after an outage the
 * present is told and not what has passed, and where what was told is restored from its records nothing is told twice. No
 * alert is on its way to a sink twice at once.
 *
 * <p>Time is a parameter. Not thread-safe.
 */
final class Deliveries {

    private static final String SEVERITY = "severity";

    private final Wanted wanted;
    private final Map<String, Alert> alerts = new HashMap<>();

    /** By alert, then by sink. */
    private final Map<String, Map<String, Standing>> standings = new HashMap<>();

    private final SilentTimes silences = new SilentTimes();

    /** Alerts that something may have to be told of; resolved ones leave when all is said. */
    private final Set<String> open = new LinkedHashSet<>();

    /** Alerts of runs that are forgotten; they are, too, when their end is told. */
    private final Set<String> passing = new HashSet<>();

    Deliveries(Routing routing, Duration maxAge) {
        this.wanted = new Wanted(routing, maxAge, silences);
    }

    /** An alert as it now is. */
    void alert(Alert alert) {
        alerts.put(alert.id(), alert);
        open.add(alert.id());
        passing.remove(alert.id());
    }

    /** An alert that nobody will know of, as it is at its end. */
    void forgotten(Alert alert) {
        alert(alert);
        passing.add(alert.id());
    }

    /** Whether anything is remembered of an alert. */
    boolean holds(String alertId) {
        return alerts.containsKey(alertId) || standings.containsKey(alertId);
    }

    /** A command of a person, or what a sink was told by this process or one before it. */
    void command(AlertCommand command) {
        switch (command.action()) {
            case SILENCE -> silences.put(command);
            case TOLD -> told(command);
            case ACKNOWLEDGE -> {
                // It is the alert's own state that counts.
            }
        }
    }

    private void told(AlertCommand command) {
        if (command.alert() == null || command.by() == null || command.state() == null) {
            return;
        }
        Standing standing = standing(command.alert(), command.by());
        Instant time = command.time() == null ? Instant.EPOCH : command.time();
        // One's own records come back late: what is held is newer.
        if (standing.toldAt == null || time.isAfter(standing.toldAt)) {
            standing.told = command.state();
            standing.severity = severity(command.matchers().get(SEVERITY));
            standing.toldAt = time;
            if (alerts.containsKey(command.alert())) {
                open.add(command.alert());
            }
        }
    }

    private static @Nullable Severity severity(@Nullable String name) {
        for (Severity severity : Severity.values()) {
            if (Labels.severity(severity).equals(name)) {
                return severity;
            }
        }
        return null;
    }

    /**
     * What a sink is to be told now, at most so much; it is on its way from then on. What has failed least comes first, so
     * that one alert that a sink cannot take holds up no other; what is new comes before what is said again.
     */
    List<Telling> due(Recipient recipient, Instant now, int most) {
        List<Telling> due = new ArrayList<>();
        for (String id : open) {
            Telling telling = ready(id, recipient, now);
            if (telling != null) {
                due.add(telling);
            }
        }
        due.sort(Comparator.<Telling>comparingInt(telling -> standing(telling, recipient).failures)
                .thenComparing(Telling::again)
                .thenComparing(telling -> changed(telling.alert())));
        List<Telling> chosen = due.subList(0, Math.min(together(due, recipient, most), due.size()));
        chosen.forEach(telling -> standing(telling, recipient).inFlight = true);
        return List.copyOf(chosen);
    }

    private int together(List<Telling> due, Recipient recipient, int most) {
        for (int i = 0; i < Math.min(most, due.size()); i++) {
            if (standing(due.get(i), recipient).alone) {
                return Math.max(1, i);
            }
        }
        return most;
    }

    /** How much a sink has not yet been told. */
    int pending(Recipient recipient, Instant now) {
        int pending = 0;
        for (String id : open) {
            Standing standing = standing(id, recipient.name());
            Telling telling = next(id, recipient, standing, now);
            pending += standing.inFlight || (telling != null && !telling.again()) ? 1 : 0;
        }
        return pending;
    }

    /** The sink has taken it; gives the record of that, which is to be written, or null where it was told before. */
    @Nullable
    AlertCommand taken(Telling telling, Recipient recipient, Instant now) {
        Alert alert = telling.alert();
        Standing standing = standing(telling, recipient);
        standing.inFlight = false;
        standing.failures = 0;
        standing.notBefore = null;
        standing.alone = false;
        standing.refused = null;
        standing.saidAt = now;
        if (telling.again()) {
            return null;
        }
        standing.told = telling.state();
        standing.toldAt = now;
        if (telling.state() == State.FIRING || standing.severity == null) {
            standing.severity = alert.severity();
        }
        return new AlertCommand(
                record(recipient.name(), alert.id()),
                alert.study(),
                AlertCommand.Action.TOLD,
                alert.id(),
                recipient.name(),
                null,
                now,
                Map.of(SEVERITY, Labels.severity(standing.severity)),
                null,
                telling.state());
    }

    /** How often in a row it did not come through. */
    int failures(Telling telling, Recipient recipient) {
        return standing(telling, recipient).failures;
    }

    /** It did not come through; it is tried again then, if it is still so. */
    void failed(Telling telling, Recipient recipient, Instant notBefore) {
        Standing standing = standing(telling, recipient);
        standing.inFlight = false;
        standing.failures++;
        standing.notBefore = notBefore;
    }

    /**
     * The sink will not have it. Together with others, each is tried alone; alone, it is not said to this sink until it
     * changes, or, where the sink hears the same again and again, until the next time.
     */
    void refused(Telling telling, Recipient recipient, boolean together, Instant now) {
        Standing standing = standing(telling, recipient);
        standing.inFlight = false;
        if (together) {
            standing.alone = true;
        } else if (recipient.resends()) {
            standing.notBefore = now.plus(Wanted.RESEND);
        } else {
            standing.refused = Standing.content(telling.alert(), telling.state());
        }
    }

    private @Nullable Telling ready(String id, Recipient recipient, Instant now) {
        Standing standing = standing(id, recipient.name());
        return standing.inFlight || standing.waiting(now) ? null : next(id, recipient, standing, now);
    }

    private @Nullable Telling next(String id, Recipient recipient, Standing standing, Instant now) {
        Alert alert = alerts.get(id);
        if (alert == null) {
            return null;
        }
        Telling telling = wanted.telling(alert, recipient, standing, now);
        return telling == null || Standing.content(alert, telling.state()).equals(standing.refused) ? null : telling;
    }

    /**
     * Stops looking at what nothing more is to be said of, and forgets of it what is forgotten; call it now and then.
     *
     * @return keys of the records of what sinks were told of those, which say nothing any more
     */
    List<String> settle(Collection<Recipient> recipients, Instant now) {
        List<String> records = new ArrayList<>();
        open.removeIf(id -> {
            Alert alert = alerts.get(id);
            boolean over = alert != null
                    && alert.state() == State.RESOLVED
                    && recipients.stream().allMatch(recipient -> settled(alert, recipient, now));
            if (over && passing.remove(id)) {
                alerts.remove(id);
                Map<String, Standing> its = standings.remove(id);
                if (its != null) {
                    its.forEach((sink, standing) -> {
                        if (standing.toldAt != null) {
                            records.add(record(sink, id));
                        }
                    });
                }
            }
            return over;
        });
        return records;
    }

    private boolean settled(Alert alert, Recipient recipient, Instant now) {
        Standing standing = standing(alert.id(), recipient.name());
        return !standing.inFlight
                && !wanted.later(alert, standing, now)
                && next(alert.id(), recipient, standing, now) == null;
    }

    private static String record(String sink, String alert) {
        return "told/" + sink + "/" + alert;
    }

    private static Instant changed(Alert alert) {
        return Objects.requireNonNullElse(alert.changed(), Instant.EPOCH);
    }

    private Standing standing(Telling telling, Recipient recipient) {
        return standing(telling.alert().id(), recipient.name());
    }

    private Standing standing(String alert, String sink) {
        return standings.computeIfAbsent(alert, id -> new HashMap<>()).computeIfAbsent(sink, name -> new Standing());
    }
}
