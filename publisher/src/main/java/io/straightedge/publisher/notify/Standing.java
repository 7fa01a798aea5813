package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How one sink stands to one alert: what it was told, and how trying to tell it goes. Not thread-safe. */
final class Standing {

    /** What the sink was told last, with when; null when nothing. */
    @Nullable
    State told;

    @Nullable
    Severity severity;

    @Nullable
    Instant toldAt;

    /** When it was said last, the same again included. */
    @Nullable
    Instant saidAt;

    /** Found young enough to be told at all; what waits for a sink that is away does not age. */
    boolean admitted;

    boolean inFlight;

    /** Failures in a row. */
    int failures;

    /** Not to be tried before then; null for at once. */
    @Nullable
    Instant notBefore;

    /** What the sink would not take and need not be offered again; null when nothing. */
    @Nullable
    String refused;

    /** To be sent by itself, as the sink has refused it together with others. */
    boolean alone;

    boolean knowsOfIt() {
        return told == State.FIRING || told == State.ACKNOWLEDGED;
    }

    boolean waiting(Instant now) {
        return notBefore != null && now.isBefore(notBefore);
    }

    /** What a telling says, for comparing. */
    static String content(Alert alert, State state) {
        return state + "/" + alert.severity() + "/" + alert.changed();
    }
}
