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
 * present is told and not what has passed, and where what was told is restored from its records nothing is told twice.
 *
 * <ul>
 *   <li>Firing is told once, again when the severity has risen, and resolved once to those who were told that it fired.
 *   <li>What was over, or had been taken on by somebody, before it could be told is not told.
 *   <li>What is older than {@code maxAge} when it would first be told is history. An alert without a time has no age, and
 *       the age of one that was silenced counts from the end of the silence.
 *   <li>A sink that forgets is told the same again every minute while the alert fires, and for five minutes after it is
 *       resolved; also while it is silenced, as that must not look like an end.
 *   <li>No alert is on its way to a sink twice at once.
 * </ul>
 *
 * <p>Time is a parameter. Not thread-safe.
 */
final class Deliveries {

    /** How often a sink that forgets is told the same again. */
    static final Duration RESEND = Duration.ofSeconds(60);

    /** How long a sink that forgets is told that an alert is resolved. */
    static final Duration RESEND_RESOLVED = Duration.ofMinutes(5);

    private static final String SEVERITY = "severity";

    private final Routing routing;
    private final Duration maxAge;
    private final Map<String, Alert> alerts = new HashMap<>();

    /** By alert, then by sink. */
    private final Map<String, Map<String, Standing>> standings = new HashMap<>();

    private final Silences silences = new Silences();

    /** Alerts that something may have to be told of; resolved ones leave when all is said. */
    private final Set<String> open = new LinkedHashSet<>();

    Deliveries(Routing routing, Duration maxAge) {
        this.routing = routing;
        this.maxAge = maxAge;
    }

    /** An alert as it now is. */
    void alert(Alert alert) {
        alerts.put(alert.id(), alert);
        open.add(alert.id());
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
            open.add(command.alert());
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
            Telling telling = next(id, recipient, now);
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
            Telling telling = wanted(id, recipient, standing, now);
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
                "told/" + recipient.name() + "/" + alert.id(),
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
            standing.notBefore = now.plus(RESEND);
        } else {
            standing.refused = Standing.content(telling.alert(), telling.state());
        }
    }

    private @Nullable Telling next(String id, Recipient recipient, Instant now) {
        Standing standing = standing(id, recipient.name());
        return standing.inFlight || standing.waiting(now) ? null : wanted(id, recipient, standing, now);
    }

    private @Nullable Telling wanted(String id, Recipient recipient, Standing standing, Instant now) {
        Alert alert = alerts.get(id);
        if (alert == null) {
            return null;
        }
        Telling telling = switch (alert.state()) {
            case RESOLVED -> resolved(alert, recipient, standing, now);
            case PENDING, FIRING, ACKNOWLEDGED ->
                standing.knowsOfIt()
                        ? changed(alert, recipient, standing, now)
                        : begun(alert, recipient, standing, now);
        };
        return telling == null || Standing.content(alert, telling.state()).equals(standing.refused) ? null : telling;
    }

    private @Nullable Telling begun(Alert alert, Recipient recipient, Standing standing, Instant now) {
        boolean tell = alert.state() == State.FIRING
                && routing.leads(alert, recipient)
                && !silences.cover(alert, now)
                && admitted(alert, standing, now);
        return tell ? new Telling(alert, State.FIRING, null, false) : null;
    }

    private @Nullable Telling changed(Alert alert, Recipient recipient, Standing standing, Instant now) {
        Severity before = standing.severity == null ? alert.severity() : standing.severity;
        boolean risen = alert.severity().compareTo(before) > 0;
        if (risen && routing.leads(alert, recipient) && !silences.cover(alert, now)) {
            return new Telling(alert, State.FIRING, before, false);
        }
        if (recipient.acknowledges() && alert.state() == State.ACKNOWLEDGED && standing.told != State.ACKNOWLEDGED) {
            return new Telling(alert, State.ACKNOWLEDGED, before, false);
        }
        return recipient.resends() && longAgo(standing, now) ? new Telling(alert, State.FIRING, before, true) : null;
    }

    private @Nullable Telling resolved(Alert alert, Recipient recipient, Standing standing, Instant now) {
        if (standing.knowsOfIt()) {
            return new Telling(alert, State.RESOLVED, standing.severity, false);
        }
        if (standing.told == State.RESOLVED) {
            boolean lately = standing.toldAt != null && now.isBefore(standing.toldAt.plus(RESEND_RESOLVED));
            return recipient.resends() && lately && longAgo(standing, now)
                    ? new Telling(alert, State.RESOLVED, standing.severity, true)
                    : null;
        }
        standing.admitted &= alert.severity() == Severity.INFO;
        // What is for information is over as soon as it is said.
        boolean tell = alert.severity() == Severity.INFO
                && recipient.information()
                && routing.leads(alert, recipient)
                && !silences.cover(alert, now)
                && admitted(alert, standing, now);
        return tell ? new Telling(alert, State.RESOLVED, null, false) : null;
    }

    private static boolean longAgo(Standing standing, Instant now) {
        return standing.saidAt == null || !now.isBefore(standing.saidAt.plus(RESEND));
    }

    private boolean admitted(Alert alert, Standing standing, Instant now) {
        if (!standing.admitted) {
            Instant from = alert.changed();
            Instant silence = silences.lastEnd(alert, now);
            if (from != null && silence != null && silence.isAfter(from)) {
                from = silence;
            }
            standing.admitted = from == null || !now.isAfter(from.plus(maxAge));
        }
        return standing.admitted;
    }

    /** Forgets to look at what nothing more is to be said of; call it now and then. */
    void settle(Collection<Recipient> recipients, Instant now) {
        open.removeIf(id -> {
            Alert alert = alerts.get(id);
            return alert != null
                    && alert.state() == State.RESOLVED
                    && recipients.stream().allMatch(recipient -> settled(alert, recipient, now));
        });
    }

    private boolean settled(Alert alert, Recipient recipient, Instant now) {
        Standing standing = standing(alert.id(), recipient.name());
        boolean repeated = standing.toldAt != null && now.isBefore(standing.toldAt.plus(RESEND_RESOLVED));
        return !standing.inFlight
                && !standing.knowsOfIt()
                && !repeated
                && !silences.cover(alert, now)
                && wanted(alert.id(), recipient, standing, now) == null;
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
