package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Straightedge says of itself: one alert that always fires, so that silence is noticed, and one that fires while the
 * fitter is too far behind for anything that the others say to be believed. Time is a parameter. Not thread-safe.
 */
final class SelfAlerts {

    /** How far behind the fitter may be, seconds: far above a commit and a restore, far below what a night costs. */
    static final long LAG_SECONDS = 120;

    private static final String STUDY = "";
    private static final String ALIVE = "straightedge/watchdog";
    private static final String LAG = "straightedge/fitter-lag";

    private final Alert alive;

    /** The last thing said of the fitter; null while it was never behind. */
    private @Nullable Alert lag;

    SelfAlerts(Instant began) {
        this.alive = alert(
                ALIVE,
                "watchdog",
                Severity.INFO,
                State.FIRING,
                began,
                "Straightedge tells alerts. This always fires: when it stops, nobody would be told of anything.",
                null);
    }

    /** Whether an alert is the one that always fires. */
    static boolean alive(Alert alert) {
        return alert.id().equals(ALIVE) && alert.study().equals(STUDY);
    }

    /**
     * What has changed, the first time the one that always fires among it.
     *
     * @param lagSeconds how far the fitter is behind; negative where that is not known, which changes nothing
     */
    List<Alert> at(Instant now, long lagSeconds, boolean first) {
        Alert changed = lagSeconds < 0 ? null : lag(now, lagSeconds);
        if (changed != null) {
            lag = changed;
        }
        if (first) {
            return changed == null ? List.of(alive) : List.of(alive, changed);
        }
        return changed == null ? List.of() : List.of(changed);
    }

    private @Nullable Alert lag(Instant now, long lagSeconds) {
        boolean fires = lag != null && lag.active();
        if (lagSeconds > LAG_SECONDS && !fires) {
            String summary = String.format(
                    Locale.ROOT,
                    "The fitter is %d s behind the training events (more than %d s): what has gone wrong since is not seen.",
                    lagSeconds,
                    LAG_SECONDS);
            return alert(LAG, "fitter-lag", Severity.CRITICAL, State.FIRING, now, summary, null);
        }
        if (lagSeconds <= LAG_SECONDS && fires && lag != null) {
            String reason = String.format(Locale.ROOT, "%d s behind", lagSeconds);
            return alert(LAG, "fitter-lag", Severity.CRITICAL, State.RESOLVED, now, lag.summary(), reason);
        }
        return null;
    }

    private static Alert alert(
            String id,
            String rule,
            Severity severity,
            State state,
            Instant changed,
            String summary,
            @Nullable String reason) {
        return new Alert(
                id,
                STUDY,
                "",
                0,
                rule,
                severity,
                state,
                0,
                Double.NaN,
                changed,
                summary,
                reason,
                Map.of(),
                null,
                null,
                null,
                changed,
                null,
                null,
                null,
                null,
                List.of());
    }
}
