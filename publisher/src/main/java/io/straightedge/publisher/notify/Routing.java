package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import java.util.List;

/**
 * Which sinks hear of an alert: every route that matches counts; without any route, all sinks hear of all alerts.
 *
 * <p>That Straightedge itself is alive is said to those only who notice when nobody says it any more.
 */
record Routing(List<Route> routes) {

    Routing {
        routes = List.copyOf(routes);
    }

    boolean leads(Alert alert, Recipient recipient) {
        if (SelfAlerts.alive(alert)) {
            return recipient.resends();
        }
        if (alert.severity() == Alert.Severity.INFO && !recipient.information()) {
            return false;
        }
        return routes.isEmpty()
                || routes.stream()
                        .anyMatch(route -> route.sinks().contains(recipient.name())
                                && alert.severity().compareTo(route.least()) >= 0
                                && Labels.match(route.matchers(), alert));
    }
}
