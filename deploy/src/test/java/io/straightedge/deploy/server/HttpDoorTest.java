package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class HttpDoorTest {

    private static final Map<Scope, Set<String>> READ = Map.of(Scope.READ, Set.of("*"));
    private static final Map<Scope, Set<String>> INGEST = Map.of(Scope.INGEST, Set.of("*"));
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String LOSS = "{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":1,\"loss\":2.5}\n";

    @TempDir
    private Path folder;

    private OpenDoor door;

    @BeforeEach
    void prepare() {
        door = OpenDoor.in(folder);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void open_withoutTokens_letsThisMachineDoEverything() throws IOException {
        door.open();
        assertThat(door.send(Wire.get("/v1/runs")).status()).isEqualTo(200);
        assertThat(door.send(Wire.get("/metrics")).status()).isEqualTo(200);
        assertThat(door.send(Wire.post("/v1/events", "application/json", LOSS)).status())
                .isEqualTo(200);
        assertThat(door.written).hasSize(1);
        assertThat(door.send(Wire.get("/v1/session")).body()).contains("\"tokens\":false");
        assertThat(door.send(Wire.get("/login")).status()).isEqualTo(404);
    }

    @Test
    void token_asBearerOrAsBasicPassword_isLetIn() throws IOException {
        door.token("reader", READ).open();
        String token = door.text("reader");
        assertThat(door.send(Wire.get("/v1/runs").bearer(token)).status()).isEqualTo(200);
        assertThat(door.send(Wire.get("/v1/runs").with("Authorization", "bearer  " + token))
                        .status())
                .isEqualTo(200);
        assertThat(door.send(Wire.get("/v1/runs").with("Authorization", basic("anyone", token)))
                        .status())
                .isEqualTo(200);
        for (String wrong : List.of(
                basic(token, "x"), "Basic !!!", "Basic", "Digest " + token, token, "Bearer", "Bearer " + token + "x")) {
            assertThat(door.send(Wire.get("/v1/runs").with("Authorization", wrong))
                            .status())
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    @Test
    void basic_isOfferedToMlflowAlone() throws IOException {
        door.token("reader", READ)
                .open(
                        DoorLimits.DEFAULT,
                        null,
                        List.of(routes ->
                                routes.get("/api/2.0/mlflow/runs/get", (request, response) -> response.send())));
        assertThat(door.send(Wire.get("/api/2.0/mlflow/runs/get")).header("www-authenticate"))
                .contains("Basic");
        assertThat(door.send(Wire.get("/v1/runs")).header("www-authenticate")).doesNotContain("Basic");
    }

    @Test
    void tokenFile_changed_takesEffectOnTheNextLook() throws IOException {
        door.token("first", READ).token("second", READ).open();
        String first = door.text("first");
        Files.writeString(door.tokens, Files.readAllLines(door.tokens).get(1) + "\n");
        door.door().refresh();
        assertThat(door.send(Wire.get("/v1/runs").bearer(first)).status()).isEqualTo(401);
        assertThat(door.send(Wire.get("/v1/runs").bearer(door.text("second"))).status())
                .isEqualTo(200);
    }

    @Test
    void token_expired_is401() throws IOException {
        door.token("old", READ, Instant.parse("2020-01-01T00:00:00Z"))
                .token("new", READ, Instant.parse("2120-01-01T00:00:00Z"))
                .open();
        assertThat(door.send(Wire.get("/v1/runs").bearer(door.text("old"))).status())
                .isEqualTo(401);
        assertThat(door.send(Wire.get("/v1/runs").bearer(door.text("new"))).status())
                .isEqualTo(200);
    }

    @Test
    void stream_ofARevokedToken_ends() throws Exception {
        door.token("first", READ).token("second", READ).open();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /v1/stream HTTP/1.1\r\nHost: localhost:" + door.port() + "\r\nAuthorization: Bearer "
                                    + door.text("first") + "\r\n\r\n")
                            .getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readNBytes(15), UTF_8))
                    .isEqualTo("HTTP/1.1 200 OK");
            Files.writeString(door.tokens, Files.readAllLines(door.tokens).get(1));
            door.door().refresh();
            byte[] rest = socket.getInputStream().readNBytes(1 << 20);
            assertThat(new String(rest, UTF_8)).contains("event: snapshot").doesNotContain("still here");
        }
    }

    @Test
    void login_rightToken_opensASessionForThePage() throws IOException {
        door.token("grace", Map.of(Scope.READ, Set.of("*"), Scope.ADMIN, Set.of("*")))
                .open();
        String origin = "http://localhost:" + door.port();
        Wire.Answer asked = door.send(Wire.get("/").with("Accept", "text/html,*/*"));
        assertThat(asked.status()).isEqualTo(303);
        assertThat(asked.header("location")).isEqualTo("/login");
        Wire.Answer page = door.send(Wire.get("/login"));
        assertThat(page.body()).contains("<form", "name=\"token\"");
        Wire.Answer in = door.send(
                Wire.post("/login", FORM, "token=" + door.text("grace")).with("Origin", origin));
        assertThat(in.status()).isEqualTo(303);
        String set = Objects.requireNonNull(in.header("set-cookie"));
        assertThat(set).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain(door.text("grace"), "Secure");
        String cookie = set.substring(0, set.indexOf(';'));
        assertThat(door.send(Wire.get("/").with("Cookie", cookie)).status()).isEqualTo(200);
        assertThat(door.send(Wire.get("/v1/session").with("Cookie", cookie)).body())
                .contains("grace");

        String silence = "{\"study\":\"s\",\"matchers\":{\"rule\":\"*\"},\"until\":\"2100-01-01T00:00:00Z\"}";
        Wire bare = Wire.post("/v1/silences", "application/json", silence).with("Cookie", cookie);
        assertThat(door.send(bare).status()).as("without Origin and header").isEqualTo(403);
        assertThat(door.send(bare.with("Origin", origin)).status())
                .as("without header")
                .isEqualTo(403);
        assertThat(door.rejected("forgery")).isEqualTo(2);
        assertThat(door.written).isEmpty();
        assertThat(door.send(bare.with("X-Requested-With", "straightedge")).status())
                .isEqualTo(202);

        Wire.Answer out =
                door.send(Wire.request("POST", "/logout").with("Cookie", cookie).with("Origin", origin));
        assertThat(out.status()).isEqualTo(303);
        assertThat(out.header("set-cookie")).contains("Max-Age=0");
        assertThat(door.send(Wire.get("/v1/runs").with("Cookie", cookie)).status())
                .isEqualTo(401);
    }

    @Test
    void login_wrongTokenOrForeignForm_opensNothing() throws IOException {
        door.token("grace", READ).open();
        String origin = "http://localhost:" + door.port();
        Wire.Answer wrong = door.send(Wire.post("/login", FORM, "token=x").with("Origin", origin));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("set-cookie")).isNull();
        String right = "token=" + door.text("grace");
        assertThat(door.send(Wire.post("/login", FORM, right)).status()).isEqualTo(403);
        assertThat(door.send(Wire.post("/login", FORM, right).with("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(403);
        assertThat(door.send(Wire.post("/login", FORM, right + "&a=" + "x".repeat(5000))
                                .with("Origin", origin))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void failures_many_areToldToWaitWhileTheRightTokenPasses() throws IOException {
        door.token("reader", READ).open();
        for (int i = 0; i < 10; i++) {
            assertThat(door.send(Wire.get("/v1/runs").bearer("x")).status()).isEqualTo(401);
        }
        Wire.Answer waiting = door.send(Wire.get("/v1/runs").bearer("x"));
        assertThat(waiting.status()).isEqualTo(429);
        assertThat(waiting.header("retry-after")).isNotNull();
        assertThat(door.rejected("failures")).isEqualTo(1);
        assertThat(door.send(Wire.get("/v1/runs").bearer(door.text("reader"))).status())
                .isEqualTo(200);
    }

    @Test
    void failures_behindAProxy_areCountedForWhomItNamesLast() throws IOException {
        door.token("reader", READ).behindProxy().open();
        Wire wrong = Wire.get("/v1/runs").bearer("x");
        for (int i = 0; i < 11; i++) {
            // What the client itself claims comes first, and changes nothing.
            wrong.with("X-Forwarded-For", "10.0.0." + i + ", 192.0.2.1");
            assertThat(door.send(wrong).status()).isEqualTo(i < 10 ? 401 : 429);
        }
        assertThat(door.send(wrong.with("X-Forwarded-For", "192.0.2.1, 192.0.2.2"))
                        .status())
                .isEqualTo(401);
        assertThat(door.send(Wire.get("/health/live")).header("strict-transport-security"))
                .startsWith("max-age=");
    }

    @Test
    void rate_exceeded_is429OfThatTokenAlone() throws IOException {
        door.token("busy", READ).token("calm", READ).open(DoorLimits.DEFAULT.withRates(1, 100), null, List.of());
        int refused = 0;
        for (int i = 0; i < 6; i++) {
            Wire.Answer answer = door.send(Wire.get("/v1/runs").bearer(door.text("busy")));
            if (answer.status() == 429) {
                refused++;
                assertThat(answer.header("retry-after")).isEqualTo("1");
                assertThat(answer.body()).isNotEmpty();
            }
        }
        assertThat(refused).isBetween(2, 4);
        assertThat(door.rejected("rate")).isEqualTo(refused);
        assertThat(door.send(Wire.get("/v1/runs").bearer(door.text("calm"))).status())
                .isEqualTo(200);
    }

    @Test
    void rate_exceededByMlflowsJavaClient_isAnsweredWithoutABody() throws IOException {
        door.token("busy", READ).open(DoorLimits.DEFAULT.withRates(1, 100), null, List.of());
        Wire wire = Wire.get("/v1/runs").bearer(door.text("busy")).with("User-Agent", "mlflow-java-client/2.17.2");
        Wire.Answer answer = door.send(wire);
        for (int i = 0; i < 6 && answer.status() != 429; i++) {
            answer = door.send(wire);
        }
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("content-length")).isEqualTo("0");
        assertThat(answer.header("retry-after")).isNotNull();
    }

    @Test
    void points_exceeded_is429AndNothingIsTaken() throws IOException {
        door.token("busy", INGEST).token("calm", INGEST).open(DoorLimits.DEFAULT.withRates(1000, 1), null, List.of());
        Wire two = Wire.post("/v1/events", "application/x-ndjson", LOSS + LOSS).bearer(door.text("busy"));
        assertThat(door.send(two).status()).isEqualTo(200);
        Wire.Answer answer = door.send(two);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isNotNull();
        assertThat(door.written).hasSize(2);
        assertThat(door.send(two.bearer(door.text("calm"))).status()).isEqualTo(200);
    }

    @Test
    void points_exceededByOtlp_is429AndNothingIsTaken() throws IOException {
        door.allWaysIn().token("busy", INGEST).open(DoorLimits.DEFAULT.withRates(1000, 1), null, List.of());
        String point = "{\"asDouble\":2.5,\"attributes\":[{\"key\":\"step\",\"value\":{\"intValue\":\"%d\"}}]}";
        String body = "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                + "{\"stringValue\":\"s\"}},{\"key\":\"straightedge.run\",\"value\":{\"stringValue\":\"r\"}}]},\"scopeMetrics\":[{\"metrics\":[{\"name\":\"loss\",\"gauge\":"
                + "{\"dataPoints\":["
                + IntStream.range(0, 100).mapToObj(point::formatted).collect(joining(",")) + "]}}]}]}]}";
        Wire hundred = Wire.post("/v1/metrics", "application/json", body).bearer(door.text("busy"));
        assertThat(door.send(hundred).status()).isEqualTo(200);
        Wire.Answer answer = door.send(hundred);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isNotNull();
        assertThat(answer.body()).contains("points per second");
        assertThat(door.written).hasSize(100);
    }

    @Test
    void points_exceededByMlflow_is429AndNothingIsTaken() throws Exception {
        door.allWaysIn().token("busy", INGEST).open(DoorLimits.DEFAULT.withRates(1000, 1), null, List.of());
        String run = Json.tree(door.send(mlflow("runs/create", "{\"experiment_id\":\"0\"}"))
                        .body()
                        .getBytes(UTF_8))
                .at("/run/info/run_id")
                .asText();
        String metric = "\"key\":\"loss\",\"value\":2.5,\"timestamp\":1,\"step\":";
        String metrics = IntStream.range(0, 100)
                .mapToObj(step -> "{" + metric + step + "}")
                .collect(joining(","));
        Wire batch = mlflow("runs/log-batch", "{\"run_id\":\"" + run + "\",\"metrics\":[" + metrics + "]}");
        assertThat(door.send(batch).status()).isEqualTo(200);
        int written = door.written.size();
        Wire single = mlflow("runs/log-metric", "{\"run_id\":\"" + run + "\"," + metric + "100}");
        for (Wire wire : List.of(batch, single)) {
            Wire.Answer answer = door.send(wire);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("retry-after")).isNotNull();
            assertThat(answer.body()).contains("REQUEST_LIMIT_EXCEEDED");
            Wire.Answer toJava = door.send(wire.with("User-Agent", "mlflow-java-client/2.17.2"));
            assertThat(toJava.status()).isEqualTo(429);
            assertThat(toJava.body()).isEmpty();
            assertThat(toJava.header("content-length")).isEqualTo("0");
        }
        assertThat(door.written).hasSize(written);
        Wire tag = mlflow("runs/set-tag", "{\"run_id\":\"" + run + "\",\"key\":\"k\",\"value\":\"v\"}");
        assertThat(door.send(tag).status()).as("what holds no points").isEqualTo(200);
    }

    private Wire mlflow(String endpoint, String body) {
        return Wire.post("/api/2.0/mlflow/" + endpoint, "application/json", body)
                .bearer(door.text("busy"));
    }

    /** A client that writes all of a request before it reads would wait for ever on a body that nobody reads. */
    @Test
    void refusal_beforeTheBodyIsRead_leavesTheConnectionUsable() throws Exception {
        door.allWaysIn().token("reader", READ).open();
        String path = "/api/2.0/mlflow/runs/log-batch";
        String body = "x".repeat(900_000);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(10_000);
            String head = " HTTP/1.1\r\nHost: localhost:" + door.port() + "\r\nContent-Type: application/json\r\n";
            String wrong = "POST " + path + head + "Authorization: Bearer se_wrong\r\nContent-Length: " + body.length();
            String next = "GET /version" + head + "Connection: close";
            socket.getOutputStream().write((wrong + "\r\n\r\n" + body + next + "\r\n\r\n").getBytes(UTF_8));
            String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answers)
                    .startsWith("HTTP/1.1 401")
                    .contains("HTTP/1.1 200")
                    .endsWith("2.17.2");
        }
    }

    @Test
    void headOrAddress_tooLong_isRefusedAndCounted() throws IOException {
        door.open();
        assertThat(door.send(Wire.get("/v1/runs?" + "x".repeat(9 << 10))).status())
                .isEqualTo(414);
        assertThat(door.send(Wire.get("/v1/runs").with("X-Long", "x".repeat(17 << 10)))
                        .status())
                .isEqualTo(431);
        assertThat(door.rejected("malformed")).isEqualTo(2);
    }

    @Test
    void connections_beyondTheBound_areClosedAndCounted() throws Exception {
        door.open(DoorLimits.DEFAULT.withConnections(100, 3), null, List.of());
        Socket[] held = new Socket[3];
        for (int i = 0; i < held.length; i++) {
            held[i] = new Socket(InetAddress.getLoopbackAddress(), door.port());
            held[i].getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            held[i].setSoTimeout(10_000);
            assertThat(held[i].getInputStream().read()).isEqualTo('H');
        }
        assertThat(refused(door.port())).isTrue();
        assertThat(door.rejected("address_connections")).isEqualTo(1);
        for (Socket socket : held) {
            socket.close();
        }
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (refused(door.port()) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(refused(door.port())).isFalse();
    }

    @Test
    void expectContinue_withoutToken_isAnsweredBeforeTheBody() throws Exception {
        door.token("job", INGEST).open();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /v1/events HTTP/1.1\r\nHost: localhost:" + door.port()
                                    + "\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n")
                            .getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void policiesOfListening_sayWhatToDo() {
        Address beyond = new Address("0.0.0.0", 0);
        Path tokens = folder.resolve("tokens");
        TlsFiles tls = new TlsFiles(folder, folder, null);
        assertThatThrownBy(() -> options(beyond, false, null, null, false)).hasMessageContaining("--tokens");
        assertThatThrownBy(() -> options(beyond, false, null, tls, false)).hasMessageContaining("--tokens");
        assertThatThrownBy(() -> options(beyond, false, null, null, true)).hasMessageContaining("--tokens");
        assertThatThrownBy(() -> options(beyond, false, tokens, null, false)).hasMessageContaining("--behind-proxy");
        assertThatThrownBy(() -> options(new Address("127.0.0.1", 0), false, null, null, true))
                .hasMessageContaining("--tokens");
        assertThat(options(beyond, false, tokens, tls, false).encrypted()).isTrue();
        assertThat(options(beyond, false, tokens, null, true).encrypted()).isTrue();
        assertThat(options(beyond, true, null, null, false).encrypted()).isFalse();
        assertThat(options(beyond, false, tokens, tls, false).strict()).isTrue();
        assertThat(options(new Address("127.0.0.1", 0), false, tokens, null, true)
                        .strict())
                .isTrue();
        assertThat(options(new Address("127.0.0.1", 0), false, tokens, tls, false)
                        .strict())
                .isFalse();
    }

    private static DoorOptions options(
            Address address, boolean insecure, @Nullable Path tokens, @Nullable TlsFiles tls, boolean proxy) {
        return new DoorOptions(address, insecure, tokens, tls, proxy, List.of(), DoorLimits.DEFAULT);
    }

    private static boolean refused(int port) {
        try {
            return Wire.get("/health/live").to(port).status() != 200;
        } catch (IOException | IllegalStateException e) {
            return true;
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }
}
