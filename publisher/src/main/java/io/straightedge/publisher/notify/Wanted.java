package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a sink is to be told next of an alert, by what it was told.
 *
 * <ul>
 *   <li>Firing is told once, again when the severity has risen, and resolved once to those who were told that it fired.
 *   <li>What was over, or had been taken on by somebody, before it could be told is not told.
 *   <li>What is older than {@code maxAge} when it would first be told is history. An alert without a time has no age, and
 *       the age of one that was silenced counts from the end of the silence.
 *   <li>A sink that forgets is told the same again every minute while the alert fires, and for five minutes after it is
 *       resolved; also while it is silenced, as that must not look like an end.
 * </ul>
 *
 * <p>Time is a parameter; whether an alert was young enough once is noted in its standing. Not thread-safe.
 */
record Wanted(Routing routing, Duration maxAge, SilentTimes silences) {

    /** How often a sink that forgets is told the same again. */
    static final Duration RESEND = Duration.ofSeconds(60);

    /** How long a sink that forgets is told that an alert is resolved. */
    static final Duration RESEND_RESOLVED = Duration.ofMinutes(5);

    /** What is to be said now, or null. */
    @Nullable
    Telling telling(Alert alert, Recipient recipient, Standing standing, Instant now) {
        return switch (alert.state()) {
            case RESOLVED -> resolved(alert, recipient, standing, now);
            case PENDING, FIRING, ACKNOWLEDGED ->
                standing.knowsOfIt()
                        ? changed(alert, recipient, standing, now)
                        : begun(alert, recipient, standing, now);
        };
    }

    /** Whether something may be to be said of a resolved alert later, though nothing new happens. */
    boolean later(Alert alert, Standing standing, Instant now) {
        boolean repeated = standing.toldAt != null && now.isBefore(standing.toldAt.plus(RESEND_RESOLVED));
        return standing.knowsOfIt() || repeated || silences.cover(alert, now);
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
}
