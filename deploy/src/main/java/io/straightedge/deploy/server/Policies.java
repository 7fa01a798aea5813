package io.straightedge.deploy.server;

import static io.straightedge.protocol.access.Scope.ADMIN;
import static io.straightedge.protocol.access.Scope.INGEST;
import static io.straightedge.protocol.access.Scope.READ;

import io.straightedge.deploy.server.Policy.Where;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of who may use which route: first match wins, and a route that matches nothing keeps the server from starting.
 * So forgetting to think of a new route is noticed before anybody can call it.
 */
final class Policies {

    private static final String ANY = "*";

    /**
     * A line of the table.
     *
     * @param method {@code *} for all
     * @param path as the route was registered, its own {@code /**} included
     * @param below whether it is for everything registered below the path instead
     */
    private record Line(String method, String path, boolean below, Policy policy) {

        boolean matches(String ofMethod, String ofPath) {
            boolean here = below ? ofPath.startsWith(path + "/") : ofPath.equals(path);
            return here && (method.equals(ANY) || method.equals(ofMethod));
        }
    }

    /** The table of this server. */
    static final Policies ALL = new Policies()
            .line("GET", "/health/live", Policy.PUBLIC)
            .line("GET", "/health/ready", Policy.PUBLIC)
            .line("GET", "/metrics", Policy.of(Where.EVERYWHERE, READ))
            .line("GET", "/login", Policy.PUBLIC)
            .line("POST", "/login", Policy.PUBLIC)
            .line("POST", "/logout", Policy.PUBLIC)
            .line("GET", "/v1/session", Policy.ANY_TOKEN)
            // What the login page shows.
            .line("GET", "/style.css", Policy.PUBLIC)
            .line("GET", "/icon.svg", Policy.PUBLIC)
            .line("GET", "/", Policy.ANY_TOKEN)
            .line("GET", "/openapi.json", Policy.ANY_TOKEN)
            .below("GET", "/webjars", Policy.ANY_TOKEN)
            .scripts("alerts", "app", "charts", "dom", "format", "law", "live", "next", "recommendation", "run")
            .scripts("runs", "silences", "track")
            .line("GET", "/v1/studies", Policy.of(Where.ROUTE_ASKS, READ))
            .line("GET", "/v1/studies/**", Policy.of(Where.PATH, READ))
            .line("GET", "/v1/runs", Policy.of(Where.QUERY, READ))
            .line("GET", "/v1/runs/**", Policy.of(Where.PATH, READ))
            .line("GET", "/v1/predictions", Policy.of(Where.QUERY, READ))
            .line("GET", "/v1/deviations", Policy.of(Where.QUERY, READ))
            .line("GET", "/v1/recommendations", Policy.of(Where.QUERY, READ))
            .line("GET", "/v1/stream", Policy.of(Where.ROUTE_ASKS, READ))
            .line("GET", "/v1/alerts", Policy.of(Where.QUERY, READ))
            .line("GET", "/v1/alerts/**", Policy.of(Where.ROUTE_ASKS, READ))
            .line("POST", "/v1/alerts/**", Policy.of(Where.ROUTE_ASKS, ADMIN))
            .line("GET", "/v1/silences", Policy.of(Where.QUERY, READ))
            .line("POST", "/v1/silences", Policy.of(Where.ROUTE_ASKS, ADMIN))
            .line("DELETE", "/v1/silences/**", Policy.of(Where.QUERY, ADMIN))
            // Commands about a study come as events too, and need the scope of administering.
            .line(ANY, "/v1/events", Policy.of(Where.ROUTE_ASKS, INGEST, ADMIN))
            .line("POST", "/v1/metrics", Policy.of(Where.ROUTE_ASKS, INGEST))
            // The tracking server: its own health, and one API under two names.
            .line("GET", "/health", Policy.PUBLIC)
            .line("GET", "/version", Policy.PUBLIC)
            .below(ANY, "/api/2.0/mlflow", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            .below(ANY, "/ajax-api/2.0/mlflow", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            // Says only that there are no artifacts.
            .below(ANY, "/api/2.0/mlflow-artifacts", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            .below(ANY, "/ajax-api/2.0/mlflow-artifacts", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            // Of the newer API only what says that there is none of it.
            .line("GET", "/api/3.0/mlflow/server-info", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            .line("GET", "/ajax-api/3.0/mlflow/server-info", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            .line(ANY, "/api/3.0/mlflow/**", Policy.of(Where.ROUTE_ASKS, INGEST, READ))
            .line(ANY, "/ajax-api/3.0/mlflow/**", Policy.of(Where.ROUTE_ASKS, INGEST, READ));

    private final List<Line> lines = new ArrayList<>();

    private Policies() {}

    /**
     * Who may use a route.
     *
     * @param method null for all methods
     * @throws IllegalStateException when the table does not say
     */
    Policy of(@Nullable String method, String path) {
        return lines.stream()
                .filter(line -> line.matches(method == null ? ANY : method, path))
                .map(Line::policy)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no policy says who may use "
                        + (method == null ? "" : method + " ") + path + ": add a line to " + Policies.class.getName()));
    }

    private Policies line(String method, String path, Policy policy) {
        lines.add(new Line(method, path, false, policy));
        return this;
    }

    private Policies below(String method, String path, Policy policy) {
        lines.add(new Line(method, path, true, policy));
        return this;
    }

    private Policies scripts(String... names) {
        for (String name : names) {
            line("GET", "/" + name + ".js", Policy.ANY_TOKEN);
        }
        return this;
    }
}
