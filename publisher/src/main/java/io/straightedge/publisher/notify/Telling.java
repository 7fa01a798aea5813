package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import org.jspecify.annotations.Nullable;

/**
 * What one sink is to be told of one alert.
 *
 * @param alert as it is
 * @param state what to say of it: it fires, somebody has taken it on, or it is resolved
 * @param before the severity that this sink was told last; null when it was told nothing or nobody knows
 * @param again whether it says only what the sink was told already
 */
record Telling(Alert alert, State state, @Nullable Severity before, boolean again) {

    Telling {
        if (state == State.PENDING) {
            throw new IllegalArgumentException("nobody is told of what is not yet sure");
        }
    }

    /** The severity that the sink has or gets: what is said again, or taken back, is what was said. */
    Severity severity() {
        return before != null && (again || state == State.RESOLVED) ? before : alert.severity();
    }
}
