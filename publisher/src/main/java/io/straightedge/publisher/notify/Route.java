package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import java.util.List;
import java.util.Map;

/**
 * Which alerts go to which sinks. Every route that matches an alert counts.
 *
 * @param matchers labels with the values they must have; {@code study}, {@code run}, {@code rule}, {@code owner}, and every
 *     label of study and run ({@code team}); a {@code *} at the end stands for anything
 * @param least the lowest severity
 * @param sinks their names
 */
public record Route(Map<String, String> matchers, Alert.Severity least, List<String> sinks) {
    public Route {
        matchers = matchers == null ? Map.of() : Map.copyOf(matchers);
        sinks = sinks == null ? List.of() : List.copyOf(sinks);
    }
}
