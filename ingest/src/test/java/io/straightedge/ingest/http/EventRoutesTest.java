package io.straightedge.ingest.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.access.Allowance;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Topics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;

/** The route on a real server, with a writer that does what each test tells it. */
final class EventRoutesTest {

    private static final Limits LIMITS =
            new Limits(1 << 20, 2 << 20, 100, 64 << 10, Duration.ofMillis(400), Duration.ofMillis(400));
    private static final String GOOD = "{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":1,\"loss\":2.5}";

    private final HttpClient client = HttpClient.newHttpClient();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<ProducerRecord<byte[], byte[]>> written = new CopyOnWriteArrayList<>();
    private volatile RecordWriter writer = records -> Mono.fromRunnable(() -> written.addAll(records));
    private volatile Caller caller = Caller.ANYONE;
    private volatile Allowance allowance = Allowance.UNBOUNDED;
    private DisposableServer server;

    @BeforeEach
    void start() {
        HttpServerRoutes routes = HttpServerRoutes.newRoutes();
        EventRoutes.routes(records -> writer.write(records), 12, meters, LIMITS).accept(routes);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> Mono.from(routes.apply(request, response))
                        .contextWrite(
                                context -> context.put(Caller.class, caller).put(Allowance.class, allowance)))
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void post_mixedLines_takesTheGoodAndNamesTheBad() throws Exception {
        String body = GOOD + "\r\n\n{\"type\":\"loss\"}\nnot json\n{\"type\":\"tick\",\"time\":1}\n" + GOOD;
        HttpResponse<String> response = post("application/x-ndjson", BodyPublishers.ofString(body));
        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode answer = json(response);
        assertThat(answer.get("accepted").asInt()).isEqualTo(2);
        assertThat(answer.get("rejected")).hasSize(3);
        assertThat(answer.get("rejected").get(0).get("line").asInt()).isEqualTo(3);
        assertThat(answer.get("rejected").get(1).get("line").asInt()).isEqualTo(4);
        assertThat(answer.get("rejected").get(1).get("reason").asText()).startsWith("not JSON");
        assertThat(answer.get("rejected").get(2).get("reason").asText()).contains("fitter");
        assertThat(written).hasSize(2);
        assertThat(count("accepted")).isEqualTo(2);
        assertThat(count("rejected")).isEqualTo(3);
    }

    @Test
    void post_good_isWrittenToItsStudysPartition() throws Exception {
        assertThat(post("application/json", BodyPublishers.ofString(GOOD)).statusCode())
                .isEqualTo(200);
        ProducerRecord<byte[], byte[]> record = written.get(0);
        assertThat(record.topic()).isEqualTo(Topics.TRAINING_EVENTS);
        assertThat(record.partition()).isEqualTo(Topics.partitionOf("s", 12));
        assertThat(new String(record.key(), UTF_8)).isEqualTo("s");
        assertThat(Json.event(Json.tree(record.value()))).isEqualTo(Json.event(Json.tree(GOOD.getBytes(UTF_8))));
    }

    @Test
    void post_arrayOrPrettyObject_isTakenWhateverTheType() throws Exception {
        String array = " [" + GOOD + ",\n" + GOOD + ",{}]";
        HttpResponse<String> response = post("text/plain; charset=utf-8", BodyPublishers.ofString(array));
        assertThat(json(response).get("accepted").asInt()).isEqualTo(2);
        assertThat(json(response).get("rejected").get(0).get("line").asInt()).isEqualTo(3);
        String pretty = GOOD.replace(",", ",\n  ");
        assertThat(post("application/x-ndjson", BodyPublishers.ofString(pretty)).statusCode())
                .isEqualTo(200);
        assertThat(written).hasSize(3);
    }

    @Test
    void post_eventOfAForbiddenStudy_is403AndStoresNothing() throws Exception {
        caller = new Caller("job", Map.of(Scope.INGEST, Set.of("s")));
        String other = GOOD.replace("\"s\"", "\"secret\"");
        HttpResponse<String> response = post("application/x-ndjson", BodyPublishers.ofString(GOOD + "\n" + other));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(json(response).get("message").asText()).contains("ingest", "secret");
        assertThat(written).isEmpty();
        assertThat(post("application/json", BodyPublishers.ofString(GOOD)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void post_studyCommand_needsAdmin() throws Exception {
        String command = "{\"type\":\"command\",\"study\":\"s\",\"action\":\"exclude\",\"run\":\"r\"}";
        caller = new Caller("job", Map.of(Scope.INGEST, Set.of("*")));
        assertThat(post("application/json", BodyPublishers.ofString(command)).statusCode())
                .isEqualTo(403);
        caller = new Caller("operator", Map.of(Scope.ADMIN, Set.of("s")));
        HttpResponse<String> response = post("application/json", BodyPublishers.ofString(command));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        String move = command.replace("exclude", "move").replace("}", ",\"toStudy\":\"secret\"}");
        assertThat(post("application/json", BodyPublishers.ofString(move)).statusCode())
                .isEqualTo(403);
    }

    @Test
    void post_morePointsThanAllowed_is429AndStoresNothing() throws Exception {
        allowance = points -> points > 1 ? 3 : 0;
        HttpResponse<String> response = post("application/x-ndjson", BodyPublishers.ofString(GOOD + "\n" + GOOD));
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("3");
        assertThat(written).isEmpty();
        assertThat(post("application/json", BodyPublishers.ofString(GOOD)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void post_gzip_isInflated() throws Exception {
        assertThat(gzip(GOOD.getBytes(UTF_8)).statusCode()).isEqualTo(200);
        assertThat(written).hasSize(1);
    }

    @Test
    void post_gzipBomb_is413() throws Exception {
        assertThat(gzip(new byte[64 << 20]).statusCode()).isEqualTo(413);
        assertThat(written).isEmpty();
    }

    @Test
    void post_tooLarge_is413() throws Exception {
        byte[] large = GOOD.repeat(2 * LIMITS.bodyBytes() / GOOD.length()).getBytes(UTF_8);
        assertThat(post("application/json", BodyPublishers.ofByteArray(large)).statusCode())
                .isEqualTo(413);
        InputStream stream = new ByteArrayInputStream(large);
        assertThat(post("application/json", BodyPublishers.ofInputStream(() -> stream))
                        .statusCode())
                .isEqualTo(413);
        assertThat(written).isEmpty();
    }

    @Test
    void post_writerBusy_is429() throws Exception {
        writer = records -> Mono.error(new RecordWriter.BusyException("full"));
        HttpResponse<String> response = post("application/json", BodyPublishers.ofString(GOOD));
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(json(response).get("accepted").asInt()).isZero();
        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void post_kafkaAwayOrSilent_is503() throws Exception {
        writer = records -> Mono.error(new IllegalStateException("away"));
        HttpResponse<String> away = post("application/json", BodyPublishers.ofString(GOOD));
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
        writer = records -> Mono.never();
        assertThat(post("application/json", BodyPublishers.ofString(GOOD)).statusCode())
                .isEqualTo(503);
        assertThat(count("accepted")).isZero();
    }

    @Test
    void post_good_isAnsweredOnlyAfterTheWrite() throws Exception {
        Sinks.Empty<Void> stored = Sinks.empty();
        CountDownLatch asked = new CountDownLatch(1);
        writer = records -> {
            asked.countDown();
            return stored.asMono();
        };
        CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                request("application/json", BodyPublishers.ofString(GOOD)).build(), BodyHandlers.ofString());
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(response).isNotDone();
        stored.tryEmitEmpty().orThrow();
        assertThat(response.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void post_slowBody_is408() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 500\r\n\r\n{\"type\":")
                            .getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void post_hugeNameOrEvent_isRejectedInWords() throws Exception {
        String name = GOOD.replace("\"s\"", "\"" + "n".repeat(10_000) + "\"");
        HttpResponse<String> response = post("application/json", BodyPublishers.ofString(name));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("study has 10000 characters").hasSizeLessThan(400);
        String event = "{\"type\":\"study\",\"study\":\"s\",\"owner\":\"" + "o".repeat(70_000) + "\"}";
        assertThat(post("application/json", BodyPublishers.ofString(event)).body())
                .contains("at most 65536 are allowed");
    }

    @Test
    void post_manyBadLines_answerStaysShort() throws Exception {
        HttpResponse<String> response = post("application/x-ndjson", BodyPublishers.ofString("x\n".repeat(100_000)));
        assertThat(json(response).get("rejectedCount").asInt()).isEqualTo(100_000);
        assertThat(json(response).get("rejected")).hasSize(Parsed.MAX_LISTED);
    }

    @Test
    void request_wrongTypeEncodingMethodOrEmpty_isRefused() throws Exception {
        assertThat(post("application/xml", BodyPublishers.ofString(GOOD)).statusCode())
                .isEqualTo(415);
        HttpRequest brotli = request("application/json", BodyPublishers.ofString(GOOD))
                .header("Content-Encoding", "br")
                .build();
        assertThat(client.send(brotli, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
        HttpRequest get = HttpRequest.newBuilder(uri()).GET().build();
        HttpResponse<String> response = client.send(get, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
        assertThat(post("application/json", BodyPublishers.ofString(" \n")).statusCode())
                .isEqualTo(400);
        assertThat(post("application/json", BodyPublishers.noBody()).statusCode())
                .isEqualTo(400);
    }

    private HttpResponse<String> post(String type, BodyPublisher body) throws Exception {
        return client.send(request(type, body).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> gzip(byte[] plain) throws Exception {
        HttpRequest request = request("application/json", BodyPublishers.ofByteArray(compressed(plain)))
                .header("Content-Encoding", "gzip")
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String type, BodyPublisher body) {
        return HttpRequest.newBuilder(uri()).header("Content-Type", type).POST(body);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + EventRoutes.PATH);
    }

    private double count(String result) {
        return meters.counter("straightedge.ingest.events", "result", result).count();
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return Json.tree(response.body().getBytes(UTF_8));
    }

    private static byte[] compressed(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
