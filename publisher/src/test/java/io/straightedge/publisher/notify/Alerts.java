package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Alerts for tests: a spike of one run. */
final class Alerts {

    static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
    static final String ID = "ladder/190M/0/spike/1200";

    private Alerts() {}

    static Alert spike(Severity severity, State state, @Nullable Instant changed) {
        return spike("190M", severity, state, changed);
    }

    static Alert spike(String run, Severity severity, State state, @Nullable Instant changed) {
        return new Alert(
                "ladder/" + run + "/0/spike/1200",
                "ladder",
                run,
                0,
                "spike",
                severity,
                state,
                1200,
                0.25,
                START,
                "Loss jumped.",
                state == State.RESOLVED ? "loss came back" : null,
                Map.of("team", "b"),
                "train",
                1264L,
                6.25,
                changed,
                new Alert.Cost(2.5, 2.75, 1.5e18, 0.375),
                "ada",
                null,
                null,
                List.of());
    }

    /** The same, silenced until then. */
    static Alert silenced(Alert alert, @Nullable Instant until) {
        return new Alert(
                alert.id(),
                alert.study(),
                alert.run(),
                alert.attempt(),
                alert.rule(),
                alert.severity(),
                alert.state(),
                alert.onsetStep(),
                alert.sizeNats(),
                alert.since(),
                alert.summary(),
                alert.reason(),
                alert.labels(),
                alert.split(),
                alert.step(),
                alert.sizeSigmas(),
                alert.changed(),
                alert.cost(),
                alert.owner(),
                alert.acknowledgedBy(),
                until,
                alert.runs());
    }
}
