package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Damaged requests of every way in, through the door: each is answered or ended soon, none is the server's fault. */
@Timeout(120)
final class IntakeFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20261129);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 500);
    private static final int CONNECTIONS = 400;
    private static final Duration REQUEST_WITHIN = Duration.ofSeconds(5);
    private static final Duration CONNECTION_WITHIN = Duration.ofSeconds(15);
    private static final long HEAP_GROWTH = 32L << 20;
    private static final int BOMB_BYTES = 256 << 20;
    private static final long BOMB_COST = 2L << 20;

    private static final String EVENTS = "/v1/events";
    private static final String METRICS = "/v1/metrics";
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";

    private static final List<String> EVENT_BODIES = List.of("""
            {"v":1,"type":"loss","study":"s","run":"r","step":1200,"tokens":6.29e8,"loss":2.5,"split":"train",\
            "lr":2.9e-4,"gradNorm":0.5,"nanIterations":3,"time":"2026-11-24T01:50:00.250Z","attempt":1}""", """
            {"v":1,"type":"run","study":"s","run":"r","params":1.9e8,"plannedSteps":7200,"tokensPerStep":524288,\
            "schedule":{"kind":"cosine-with-restarts","warmupSteps":200,"peak":3e-4,"finalLr":3e-6,\
            "decayShape":"megatron-exponential","points":[],"power":2.0,"cycles":3,"cycleGrowth":1.5},\
            "optimizer":"AdamW","hyperparameters":{"beta1":0.9},"plannedEvents":[],"labels":{"a":"b"}}""", """
            {"v":1,"type":"end","study":"s","run":"r","outcome":"finished","finalLoss":2.75,\
            "time":"2026-11-24T01:50:00.250Z"}""", """
            {"v":1,"type":"study","study":"s","paramsCount":"non-embedding","lossUnit":"bits-per-byte",\
            "bytesPerToken":4.25,"primarySplit":"val","budgetsFlops":[1e21],"clock":"event","labels":{"a":"b"}}""", """
            {"v":1,"type":"command","study":"s","action":"what-if","run":"r","name":"early","plannedSteps":7000,\
            "cooldownFrom":6000,"cooldownSteps":1000}""");

    private static final String OTLP_BODY = """
            {"resourceMetrics":[{"resource":{"attributes":[
              {"key":"service.name","value":{"stringValue":"s"}},
              {"key":"straightedge.run","value":{"stringValue":"r"}}]},
            "scopeMetrics":[{"metrics":[
              {"name":"loss","gauge":{"dataPoints":[{"timeUnixNano":"1795469964679000000","asDouble":2.5,
                "attributes":[{"key":"step","value":{"intValue":"7"}}]}]}},
              {"name":"step","gauge":{"dataPoints":[{"timeUnixNano":"1795469964679000000","asInt":"8"}]}},
              {"name":"requests","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[{"asInt":"8"}]}}
            ]}]}]}""";

    /** Endpoint and body; {@code RUN} and {@code EXPERIMENT} stand for what there is. */
    private static final Map<String, String> TRACKING = new TreeMap<>(Map.of(
            "runs/log-batch",
            """
            {"run_id":"RUN","metrics":[{"key":"loss","value":2.5,"timestamp":"1795469964679","step":"7"},
            {"key":"learning_rate","value":"NaN","timestamp":1,"step":7}],
            "params":[{"key":"n_layer","value":"12"}],"tags":[{"key":"straightedge.params","value":"1e8"}]}""",
            "runs/log-metric",
            "{\"run_id\":\"RUN\",\"key\":\"loss\",\"value\":2.5,\"timestamp\":\"1\",\"step\":\"8\"}",
            "runs/log-parameter",
            "{\"run_id\":\"RUN\",\"key\":\"max_steps\",\"value\":\"100\"}",
            "runs/set-tag",
            "{\"run_id\":\"RUN\",\"key\":\"straightedge.study\",\"value\":\"s\"}",
            "runs/delete-tag",
            "{\"run_id\":\"RUN\",\"key\":\"t\"}",
            "runs/update",
            "{\"run_id\":\"RUN\",\"status\":\"FINISHED\",\"end_time\":\"1795469964679\",\"run_name\":\"n\"}",
            "runs/create",
            """
            {"experiment_id":"EXPERIMENT","start_time":"1795469964679","run_name":"other","user_id":"u",
            "tags":[{"key":"a","value":"b"}]}""",
            "runs/search",
            """
            {"experiment_ids":["EXPERIMENT"],"filter":"params.n_layer = '12' and metrics.loss < 3",
            "order_by":["start_time DESC"],"max_results":10,"page_token":"1","run_view_type":"ALL"}""",
            "experiments/search",
            "{\"filter\":\"name LIKE 's%'\",\"max_results\":\"10\",\"view_type\":\"ALL\",\"page_token\":\"1\"}",
            "experiments/set-experiment-tag",
            "{\"experiment_id\":\"EXPERIMENT\",\"key\":\"k\",\"value\":\"v\"}"));

    private static final List<String> QUERIES = List.of(
            "/api/2.0/mlflow/experiments/get-by-name?experiment_name=s",
            "/api/2.0/mlflow/experiments/get?experiment_id=EXPERIMENT",
            "/api/2.0/mlflow/experiments/search?filter=name+%3D+'s'&max_results=5&page_token=1",
            "/api/2.0/mlflow/runs/get?run_id=RUN",
            "/ajax-api/2.0/mlflow/metrics/get-history?run_id=RUN&metric_key=loss&max_results=9&page_token=1",
            "/ajax-api/2.0/mlflow/artifacts/list?run_id=RUN",
            "/v1/runs?study=s&limit=10",
            "/v1/alerts?study=s&state=firing",
            "/v1/runs/s/r?from=0&to=10&points=100");

    @TempDir
    private Path folder;

    private final Mutator mutator = new Mutator(SEED);
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private OpenDoor door;
    private String token;
    private String experiment;
    private String run;

    @BeforeEach
    void open() throws Exception {
        DoorLimits fast = new DoorLimits(
                4096,
                4096,
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                DoorLimits.DEFAULT.bodyBytesPerSecond(),
                Duration.ofSeconds(1),
                100_000,
                100_000,
                100_000_000,
                100_000_000,
                10);
        Map<Scope, Set<String>> everything =
                Map.of(Scope.INGEST, Set.of("*"), Scope.READ, Set.of("*"), Scope.ADMIN, Set.of("*"));
        door = OpenDoor.in(folder).token("job", everything).allWaysIn().open(fast, null, List.of());
        door.writer = records -> Mono.empty();
        token = door.text("job");
        experiment = answer(tracking("experiments/create", "{\"name\":\"s\"}"), "/experiment_id");
        run = answer(tracking("runs/create", "{\"experiment_id\":\"" + experiment + "\"}"), "/run/info/run_id");
    }

    @AfterEach
    void close() {
        door.close();
        System.out.println("seed " + SEED + ": answers by status " + statuses);
    }

    @Test
    void bodies_damaged_areAnsweredSoonAndHoldNoHeap() throws Exception {
        send(REQUESTS / 10);
        long before = usedAfterCollection();
        send(REQUESTS);
        long grown = usedAfterCollection() - before;
        System.out.println("heap grown by " + (grown >> 10) + " KiB in " + REQUESTS + " damaged requests");
        assertThat(grown).isLessThan(HEAP_GROWTH);
        // Both what is good and what is not has been met, or the damage is of no use.
        assertThat(statuses.get(200)).isGreaterThan(REQUESTS / 20);
        assertThat(statuses.get(400)).isGreaterThan(REQUESTS / 5);
        honest();
    }

    @Test
    void framing_damaged_isAnsweredOrEndedSoon() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
                sockets.add(socket);
                try {
                    socket.getOutputStream().write(framing(i));
                } catch (IOException e) {
                    assertThat(e).hasMessageMatching(".*(reset|closed|Broken).*");
                }
            }
            long end = System.nanoTime() + CONNECTION_WITHIN.toNanos();
            for (Socket socket : sockets) {
                socket.setSoTimeout((int)
                        Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
                try {
                    byte[] all = socket.getInputStream().readAllBytes();
                    if (all.length > 0) {
                        count(Wire.parsed(new String(all, ISO_8859_1)), "connection");
                    }
                } catch (java.net.SocketException e) {
                    assertThat(e).hasMessageMatching(".*(reset|closed).*");
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        honest();
    }

    @Test
    void gzipBomb_ofAThousandToOne_costsLittleHeap() throws Exception {
        byte[] bomb = zipped(BOMB_BYTES);
        assertThat(BOMB_BYTES / bomb.length).isGreaterThan(900);
        String body = new String(bomb, ISO_8859_1);
        for (String path : List.of(EVENTS, METRICS, "/api/2.0/mlflow/runs/log-batch")) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                Wire wire = Wire.post(path, JSON, body)
                        .with("Content-Encoding", "gzip")
                        .bearer(token);
                long before = allocatedByTheServer();
                assertThat(door.send(wire).status()).as(path).isEqualTo(413);
                least = Math.min(least, allocatedByTheServer() - before);
            }
            System.out.printf(
                    "a bomb of %d MiB in %d KiB at %s: %d KiB%n",
                    BOMB_BYTES >> 20, bomb.length >> 10, path, least >> 10);
            assertThat(least).as(path).isLessThan(BOMB_COST);
        }
        honest();
    }

    private void send(int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            Wire wire = damaged(i).bearer(token);
            long began = System.nanoTime();
            Wire.Answer answer = door.send(wire);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("seed %d, request %d", SEED, i)
                    .isLessThan(REQUEST_WITHIN);
            count(answer, "request " + i);
        }
    }

    private void count(Wire.Answer answer, String which) {
        statuses.merge(answer.status(), 1, Integer::sum);
        if (answer.status() != 501) {
            assertThat(answer.status())
                    .as("seed %d, %s: %s", SEED, which, answer.body())
                    .isBetween(200, 499);
        }
    }

    private Wire damaged(int number) throws IOException {
        return switch (number % 6) {
            case 0 -> body(EVENTS, JSON, mutator.oneOf(EVENT_BODIES));
            case 1 -> Wire.post(EVENTS, "application/x-ndjson", text(mutator.bytes(bytes(lines()))));
            case 2 -> body(METRICS, JSON, OTLP_BODY);
            case 3 -> Wire.post(METRICS, PROTOBUF, text(mutator.bytes(protobuf())));
            case 4 -> {
                String endpoint = mutator.oneOf(List.copyOf(TRACKING.keySet()));
                yield body("/api/2.0/mlflow/" + endpoint, JSON, known(body(endpoint)));
            }
            default -> number % 12 == 5 ? query() : gzipped();
        };
    }

    private Wire body(String path, String type, String good) {
        return Wire.post(path, type, text(mutator.chance(0.6) ? mutator.json(good) : mutator.bytes(bytes(good))));
    }

    private Wire query() {
        String good = known(mutator.oneOf(QUERIES));
        int mark = good.indexOf('?');
        String damaged = text(mutator.bytes(bytes(good.substring(mark + 1))));
        // A request line is text; what is not comes escaped, or as a broken escape.
        String uri = mutator.chance(0.5)
                ? URLEncoder.encode(damaged, ISO_8859_1).replace("%3D", "=").replace("%26", "&")
                : damaged.replaceAll("[^\\x21-\\x7e]", "%");
        return Wire.get(good.substring(0, mark) + "?" + uri);
    }

    private Wire gzipped() throws IOException {
        boolean events = mutator.chance(0.5);
        byte[] zipped = zipped(bytes(events ? lines() : OTLP_BODY));
        return Wire.post(events ? EVENTS : METRICS, JSON, text(mutator.bytes(zipped)))
                .with("Content-Encoding", "gzip");
    }

    /** A request whose head lies about its body, or is none; every few are only damaged bytes of a good one. */
    private byte[] framing(int number) {
        String body = EVENT_BODIES.get(0);
        int length = body.length();
        String path = mutator.oneOf(List.of(EVENTS, METRICS, "/api/2.0/mlflow/runs/log-metric"));
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\n";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        List<String> kinds = List.of(
                head + "Content-Length: " + (length + 1000) + "\r\n\r\n" + body,
                head + "Content-Length: 3\r\n\r\n" + body,
                head + "Content-Length: -1\r\n\r\n" + body,
                head + "Content-Length: 99999999999999999999\r\n\r\n" + body,
                head + "Content-Length: 9223372036854775807\r\n\r\n" + body,
                head + "Content-Length: x\r\n\r\n" + body,
                head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + body,
                head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + body,
                head + "Transfer-Encoding: gzip, chunked\r\n\r\n" + body,
                head + "\r\n" + body,
                chunked + "zz\r\n" + body,
                chunked + "-1\r\n" + body,
                chunked + "ffffffffffffffff\r\n" + body,
                chunked + "7fffffff\r\n" + body,
                chunked + Integer.toHexString(length) + "\r\n" + body + "\r\n",
                chunked + Integer.toHexString(length - 5) + "\r\n" + body + "\r\n0\r\n\r\n",
                chunked + Integer.toHexString(length) + ";x=" + "y".repeat(20_000) + "\r\n" + body + "\r\n0\r\n\r\n",
                chunked + "1\r\n{\r\n".repeat(2000) + "0\r\nTrailer: " + "t".repeat(20_000) + "\r\n\r\n",
                head.replace("HTTP/1.1", "HTTP/9.9") + "\r\n",
                head.replace("HTTP/1.1\r\n", "\r\n") + "\r\n",
                head.replace("\r\n", "\n") + "Content-Length: " + length + "\n\n" + body,
                head.replace("Host", "Host\0") + "Content-Length: " + length + "\r\n\r\n" + body,
                "\r\n".repeat(5000) + head + "Content-Length: " + length + "\r\n\r\n" + body);
        String good = head + "Connection: close\r\nContent-Length: " + length + "\r\n\r\n" + body;
        byte[] whole = bytes(number % 3 == 0 ? good : kinds.get(number % kinds.size()));
        return number % 3 == 0 ? mutator.bytes(whole) : whole;
    }

    private void honest() throws IOException {
        for (String event : EVENT_BODIES) {
            assertThat(door.send(Wire.post(EVENTS, JSON, event).bearer(token)).status())
                    .isEqualTo(200);
        }
        assertThat(door.send(Wire.post(METRICS, JSON, OTLP_BODY).bearer(token)).body())
                .isEqualTo("{}");
        assertThat(door.send(Wire.post(METRICS, PROTOBUF, text(protobuf())).bearer(token)))
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(200))
                .satisfies(answer -> assertThat(answer.body()).isEmpty());
        Wire metric = tracking("runs/log-metric", known(body("runs/log-metric")));
        assertThat(door.send(metric).status()).isEqualTo(200);
    }

    private Wire tracking(String endpoint, String body) {
        return Wire.post("/api/2.0/mlflow/" + endpoint, JSON, body).bearer(token);
    }

    private String answer(Wire wire, String pointer) throws Exception {
        return Json.tree(bytes(door.send(wire).body())).at(pointer).asText();
    }

    private static String body(String endpoint) {
        return TRACKING.getOrDefault(endpoint, "");
    }

    private String known(String template) {
        return template.replace("EXPERIMENT", experiment).replace("RUN", run);
    }

    private static String lines() {
        return String.join("\n", EVENT_BODIES) + "\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** The same as the JSON, without what is no loss. */
    private static byte[] protobuf() {
        byte[] step = concat(field(1, bytes("step")), field(2, new byte[] {3 << 3, 7}));
        byte[] value = ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) (4 << 3 | 1))
                .putDouble(2.5)
                .array();
        byte[] gauge = field(5, field(1, concat(value, field(7, step))));
        byte[] metric = field(2, concat(field(1, bytes("loss")), gauge));
        byte[] resource = field(
                1, concat(field(1, attribute("service.name", "s")), field(1, attribute("straightedge.run", "r"))));
        return field(1, concat(resource, field(2, metric)));
    }

    private static byte[] attribute(String key, String value) {
        return concat(field(1, bytes(key)), field(2, field(1, bytes(value))));
    }

    /** A length-delimited field of a protocol buffer, of fewer than 128 bytes. */
    private static byte[] field(int number, byte[] content) {
        return concat(new byte[] {(byte) (number << 3 | 2), (byte) content.length}, content);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] zipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /** So many zeros. */
    private static byte[] zipped(int zeros) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 20];
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            for (int written = 0; written < zeros; written += piece.length) {
                gzip.write(piece);
            }
        }
        return out.toByteArray();
    }

    private static long usedAfterCollection() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Bytes that all threads but this one have allocated, by the virtual machine's own count. */
    private static long allocatedByTheServer() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = Arrays.stream(threads.getAllThreadIds())
                .filter(id -> id != Thread.currentThread().getId())
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
