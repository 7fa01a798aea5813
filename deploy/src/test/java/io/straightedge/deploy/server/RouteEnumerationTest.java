package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.deploy.server.Policy.Where;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRoutes;

/** Every route that is registered, called by everyone who may not. */
@Timeout(120)
final class RouteEnumerationTest {

    /** Routes that find the study themselves; that they ask is tested where they are. */
    private static final Set<String> ASK_THEMSELVES = new TreeSet<>(Set.of(
            "GET /v1/studies",
            "GET /v1/stream",
            "GET /v1/alerts/**",
            "POST /v1/alerts/**",
            "POST /v1/silences",
            "POST /v1/events",
            "any /v1/events",
            "POST /v1/metrics"));

    /** What needs no token; anything that joins this list is seen by everyone. */
    private static final Set<String> PUBLIC = new TreeSet<>(Set.of(
            "GET /health/live",
            "GET /health/ready",
            "GET /login",
            "POST /login",
            "POST /logout",
            "GET /style.css",
            "GET /icon.svg",
            "GET /health",
            "GET /version"));

    private static final String OTLP = """
            {"resourceMetrics":[{"resource":{"attributes":[
              {"key":"straightedge.study","value":{"stringValue":"secret"}},
              {"key":"straightedge.run","value":{"stringValue":"r"}}]},
            "scopeMetrics":[{"metrics":[{"name":"loss","gauge":{"dataPoints":[
              {"asDouble":2.5,"attributes":[{"key":"step","value":{"intValue":"7"}}]}]}}]}]}]}""";

    private static final String METRIC =
            "{\"run_id\":\"%s\",\"key\":\"loss\",\"value\":2.5,\"timestamp\":1,\"step\":1}";

    @TempDir
    private static Path folder;

    private static OpenDoor door;

    @BeforeAll
    static void open() throws Exception {
        Map<Scope, Set<String>> everything = new HashMap<>();
        for (Scope scope : Scope.values()) {
            everything.put(scope, Set.of("*"));
        }
        door = OpenDoor.in(folder)
                .token("all", everything)
                .token("ingest", Map.of(Scope.INGEST, Set.of("*")))
                .token("read", Map.of(Scope.READ, Set.of("*")))
                .token("admin", Map.of(Scope.ADMIN, Set.of("*")))
                .token(
                        "elsewhere",
                        everything.keySet().stream().collect(Collectors.toMap(s -> s, s -> Set.of("open*"))))
                .allWaysIn()
                .open();
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @Test
    void routes_all_areThere() {
        assertThat(door.door().registered()).hasSizeGreaterThan(80);
        assertThat(names(Where.PUBLIC)).isEqualTo(PUBLIC);
        Set<String> asking = names(Where.ROUTE_ASKS);
        asking.removeIf(name -> route(name).policy().equals(Policy.ANY_TOKEN) || isTracking(route(name)));
        assertThat(asking).isEqualTo(ASK_THEMSELVES);
    }

    @Test
    void everyRoute_withoutOrWithAWrongToken_is401() throws Exception {
        for (GuardedRoutes.Route route : door.door().registered()) {
            Wire.Answer none = door.send(request(route));
            // The bound on wrong tokens of an address is reached on the way.
            Wire.Answer wrong = door.send(request(route).bearer("se_wrong"));
            if (route.policy().open()) {
                assertThat(none.status()).as(route.toString()).isNotEqualTo(401);
            } else {
                assertThat(none.status()).as(route.toString()).isEqualTo(401);
                assertThat(none.header("www-authenticate")).startsWith("Bearer ");
                assertThat(wrong.status()).as(route.toString()).isIn(401, 429);
            }
        }
        assertThat(door.rejected("no_token")).isGreaterThan(30);
        assertThat(door.rejected("bad_token")).isBetween(10.0, 12.0);
        assertThat(door.rejected("failures")).isGreaterThan(20);
    }

    @Test
    void everyRoute_wrongScope_is403() throws Exception {
        int tried = 0;
        for (GuardedRoutes.Route route : door.door().registered()) {
            for (Scope scope : Scope.values()) {
                if (!route.policy().open() && !route.policy().anyOf().contains(scope)) {
                    String name = scope.name().toLowerCase(Locale.ROOT);
                    Wire.Answer answer = door.send(request(route).bearer(door.text(name)));
                    assertThat(answer.status()).as(route + " with " + name).isEqualTo(403);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(30);
    }

    @Test
    void everyRoute_wrongProject_is403() throws Exception {
        int tried = 0;
        for (GuardedRoutes.Route route : door.door().registered()) {
            if (!route.policy().open() && route.policy().where() != Where.ROUTE_ASKS) {
                Wire.Answer answer = door.send(request(route).bearer(door.text("elsewhere")));
                assertThat(answer.status()).as(route.toString()).isEqualTo(403);
                assertThat(answer.body()).doesNotContain("secret");
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(8);
    }

    @Test
    void askingRoutes_wrongProject_takeNothing() throws Exception {
        String elsewhere = door.text("elsewhere");
        Wire event = Wire.post(
                "/v1/events",
                "application/json",
                "{\"type\":\"loss\",\"study\":\"secret\",\"run\":\"r\",\"step\":1,\"loss\":2.5}");
        assertThat(door.send(event.bearer(elsewhere)).status()).isEqualTo(403);
        Wire silence = Wire.post(
                "/v1/silences",
                "application/json",
                "{\"study\":\"secret\",\"matchers\":{\"rule\":\"*\"},\"until\":\"2100-01-01T00:00:00Z\"}");
        assertThat(door.send(silence.bearer(elsewhere)).status()).isEqualTo(403);
        Wire metrics = Wire.post("/v1/metrics", "application/json", OTLP);
        assertThat(door.send(metrics.bearer(elsewhere)).status()).isEqualTo(403);
        assertThat(ofStudySecret()).isEmpty();
        assertThat(door.rejected("project")).isGreaterThanOrEqualTo(3);
        assertThat(door.send(metrics.bearer(door.text("ingest"))).status()).isEqualTo(200);
        assertThat(ofStudySecret()).as("the same with a token for it").hasSize(1);
        door.written.clear();
    }

    @Test
    void trackingRoutes_runOfAnotherStudy_areToldNothingAndTakeNothing() throws Exception {
        String experiment = tracked("experiments/create", "{\"name\":\"secret\"}")
                .get("experiment_id")
                .asText();
        String run = tracked("runs/create", "{\"experiment_id\":\"" + experiment + "\",\"run_name\":\"secret-run\"}")
                .at("/run/info/run_id")
                .asText();
        door.written.clear();
        int refused = 0;
        for (GuardedRoutes.Route route : door.door().registered()) {
            if (isTracking(route)) {
                Wire.Answer answer = door.send(about(route, experiment, run).bearer(door.text("elsewhere")));
                if (answer.status() == 200) {
                    assertThat(route.path())
                            .as("a search that finds nothing, or what is the same for everyone")
                            .containsPattern("search|server-info");
                } else {
                    assertThat(answer.status()).as(route.toString()).isIn(403, 404, 501);
                    refused++;
                }
                assertThat(answer.body()).as(route.toString()).doesNotContain("secret-run", "\"run_id\"");
            }
        }
        assertThat(refused).isGreaterThan(35);
        String elsewhere = "{\"experiment_id\":\"0\",\"tags\":[{\"key\":\"straightedge.study\",\"value\":\"secret\"}]}";
        Wire moved = Wire.post("/api/2.0/mlflow/runs/create", "application/json", elsewhere);
        assertThat(door.send(moved.bearer(door.text("elsewhere"))).status()).isEqualTo(403);
        assertThat(door.written).isEmpty();
        assertThat(tracked("runs/log-metric", METRIC.formatted(run))).isEmpty();
        assertThat(door.written).as("the same with a token for it").isNotEmpty();
        door.written.clear();
    }

    private static JsonNode tracked(String endpoint, String body) throws Exception {
        Wire wire = Wire.post("/api/2.0/mlflow/" + endpoint, "application/json", body);
        Wire.Answer answer = door.send(wire.bearer(door.text("all")));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return Json.tree(answer.body().getBytes(UTF_8));
    }

    private static boolean isTracking(GuardedRoutes.Route route) {
        return route.path().contains("/mlflow");
    }

    /** A request that says everything which any of the tracking server's endpoints asks for. */
    private static Wire about(GuardedRoutes.Route route, String experiment, String run) {
        String path = route.path().replace("/**", "/" + run);
        if (!"POST".equals(route.method())) {
            return Wire.request(
                    String.valueOf(route.method()),
                    path + "?run_id=" + run + "&run_uuid=" + run + "&experiment_id=" + experiment
                            + "&experiment_name=secret&metric_key=loss");
        }
        return Wire.post(path, "application/json", """
                {"run_id":"%s","run_uuid":"%1$s","experiment_id":"%s","experiment_ids":["%2$s"],"name":"secret",
                "key":"loss","value":1.5,"timestamp":1,"step":1,"status":"FINISHED",
                "metrics":[{"key":"loss","value":1.5,"timestamp":1,"step":1}],
                "params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"1"}]}""".formatted(run, experiment));
    }

    private static List<String> ofStudySecret() {
        return door.written.stream()
                .map(record -> new String(record.value(), UTF_8))
                .filter(value -> value.contains("\"secret\""))
                .toList();
    }

    @Test
    void everyRoute_wrongHost_is403() throws Exception {
        for (GuardedRoutes.Route route : door.door().registered()) {
            for (String host : List.of("evil.example", "localhost.evil.example:80", "")) {
                Wire.Answer answer =
                        door.send(request(route).bearer(door.text("all")).with("Host", host));
                assertThat(answer.status()).as(route + " at " + host).isEqualTo(403);
            }
        }
    }

    @Test
    void everyRoute_foreignOrigin_is403() throws Exception {
        for (GuardedRoutes.Route route : door.door().registered()) {
            for (String origin : List.of("https://evil.example", "null", "http://localhost:1")) {
                Wire.Answer answer =
                        door.send(request(route).bearer(door.text("all")).with("Origin", origin));
                assertThat(answer.status()).as(route + " from " + origin).isEqualTo(403);
            }
        }
    }

    @Test
    void everyRoute_rightToken_isLetIn() throws Exception {
        for (GuardedRoutes.Route route : door.door().registered()) {
            if (!route.path().equals("/v1/stream") && !route.policy().open()) {
                Wire.Answer answer = door.send(request(route).bearer(door.text("all")));
                assertThat(answer.status()).as(route.toString()).isNotIn(401, 403, 429, 500);
            }
        }
    }

    @Test
    void everyAnswer_ofWhateverKind_carriesTheHeadersOfSafety() throws Exception {
        for (Wire wire : List.of(
                Wire.get("/health/live"),
                Wire.get("/login"),
                Wire.get("/v1/runs"),
                Wire.get("/nothing").bearer(door.text("all")),
                Wire.get("/v1/runs").bearer(door.text("all")),
                Wire.get("/v1/runs").with("Host", "evil.example"))) {
            Wire.Answer answer = door.send(wire);
            assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(answer.header("content-security-policy")).contains("frame-ancestors 'none'");
            assertThat(answer.header("referrer-policy")).isNotNull();
            assertThat(answer.header("access-control-allow-origin")).isNull();
        }
    }

    @Test
    void unknownPath_withoutToken_saysNoMoreThanAKnownOne() throws Exception {
        Wire.Answer unknown = door.send(Wire.get("/v1/nothing"));
        Wire.Answer known = door.send(Wire.get("/v1/runs"));
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(known.body());
        assertThat(door.send(Wire.get("/v1/nothing").bearer(door.text("all"))).status())
                .isEqualTo(404);
    }

    @Test
    void path_writtenInAnotherWay_reachesNothing() throws Exception {
        for (String path : List.of(
                "//v1/runs",
                "/v1/./runs",
                "/v1/x/../runs",
                "/v1/%72uns",
                "/V1/runs",
                "/v1/runs;a",
                "/v1/studies/../runs",
                "http://localhost/v1/runs",
                "/v1/runs#x",
                "/v1/runs/secret%2Fr/..")) {
            Wire.Answer answer = door.send(Wire.get(path));
            assertThat(answer.status()).as(path).isIn(400, 401);
            Wire.Answer elsewhere = door.send(Wire.get(path).bearer(door.text("elsewhere")));
            assertThat(elsewhere.status()).as(path).isIn(400, 403, 404);
        }
    }

    @Test
    void query_namingTheStudyTwice_isForbiddenWhenEitherIs() throws Exception {
        String reader = door.text("elsewhere");
        for (String query : List.of("study=open&study=secret", "study=secret&study=open", "study=&study=secret")) {
            assertThat(door.send(Wire.get("/v1/runs?" + query).bearer(reader)).status())
                    .as(query)
                    .isEqualTo(403);
        }
    }

    @Test
    void newRoute_withoutPolicy_keepsTheServerFromStarting() {
        List<Consumer<HttpServerRoutes>> unknown = List.of(
                routes -> routes.get("/v1/new", (request, response) -> response.send()),
                routes -> routes.delete("/v1/runs", (request, response) -> response.send()),
                routes -> routes.post("/v1/runs/**", (request, response) -> response.send()),
                routes -> routes.get("/v1/runs/{study}", (request, response) -> response.send()),
                routes -> routes.post("/ajax-api/3.0/mlflow/jobs", (request, response) -> response.send()),
                routes -> routes.options("/v1/runs", (request, response) -> response.send()),
                routes -> routes.put("/v1/runs", (request, response) -> response.send()),
                routes -> routes.head("/v1/runs", (request, response) -> response.send()),
                routes -> routes.index((request, response) -> Mono.empty()),
                routes -> routes.ws("/v1/runs", (in, out) -> Mono.empty()),
                routes -> routes.file("/v1/file", folder),
                routes -> routes.directory("/v1/folder", folder),
                routes -> routes.route(request -> true, (request, response) -> response.send()));
        for (Consumer<HttpServerRoutes> stage : unknown) {
            assertThatThrownBy(() -> OpenDoor.in(folder).open(DoorLimits.DEFAULT, null, List.of(stage)))
                    .isInstanceOfAny(IllegalStateException.class, UnsupportedOperationException.class);
        }
    }

    private static Set<String> names(Where where) {
        return door.door().registered().stream()
                .filter(route -> route.policy().where() == where)
                .map(RouteEnumerationTest::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static GuardedRoutes.Route route(String name) {
        return door.door().registered().stream()
                .filter(route -> name(route).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String name(GuardedRoutes.Route route) {
        return (route.method() == null ? "any" : route.method()) + " " + route.path();
    }

    /** A request that the route answers, about the study called secret where it names one. */
    private static Wire request(GuardedRoutes.Route route) {
        String path = route.path().replace("/**", "/secret/r");
        String query = route.policy().where() == Where.QUERY ? "?study=secret" : "";
        String method = route.method() == null ? "PATCH" : route.method();
        return method.equals("POST")
                ? Wire.post(path + query, "application/json", "{}")
                : Wire.request(method, path + query);
    }
}
