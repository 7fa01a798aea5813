package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.kafka.RecordWriter.BusyException;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.view.View;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

@Timeout(60)
class AlertRoutesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String STUDY = "ladder/c4";
    private static final String ALERT = "ladder%252Fc4%2Fa%2F0%2Fdrift%2F1000";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final View view = new View(new SimpleMeterRegistry());
    private final List<ProducerRecord<byte[], byte[]>> written = new CopyOnWriteArrayList<>();
    private final AlertBook book = new AlertBook(RuleBook.DEFAULT);
    private Mono<Void> storing = Mono.empty();
    private DisposableServer server;

    AlertRoutesTest() {
        CommandOutlet outlet = new CommandOutlet(
                records -> {
                    written.addAll(records);
                    return storing;
                },
                12,
                Clock.fixed(NOW, ZoneOffset.UTC));
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(new PublisherRoutes(view, outlet))
                .bindNow();
    }

    @BeforeEach
    void fire() {
        tell(book.apply(Found.by(Detector.DRIFT).study(STUDY).deviation()).get(0));
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void acknowledge_firing_writesACommandToTheStudysPartition() throws Exception {
        HttpResponse<String> response =
                post("/v1/alerts/" + ALERT + "/acknowledge", "{\"by\": \"grace\", \"comment\": \"on it\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        ProducerRecord<byte[], byte[]> record = written.get(0);
        assertThat(record.topic()).isEqualTo(Topics.ALERT_COMMANDS);
        assertThat(record.partition()).isEqualTo(Topics.partitionOf(STUDY, 12));
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("ack/ladder%2Fc4/a/0/drift/1000");
        AlertCommand command = Json.read(record.value(), AlertCommand.class);
        assertThat(command)
                .isEqualTo(new AlertCommand(
                        "ack/ladder%2Fc4/a/0/drift/1000",
                        STUDY,
                        AlertCommand.Action.ACKNOWLEDGE,
                        "ladder%2Fc4/a/0/drift/1000",
                        "grace",
                        "on it",
                        NOW,
                        Map.of(),
                        null,
                        null));
        assertThat(book.apply(command))
                .singleElement()
                .satisfies(alert -> assertThat(alert.acknowledgedBy()).isEqualTo("grace"));
    }

    @Test
    void acknowledge_resolved_is409() throws Exception {
        tell(book.apply(Found.by(Detector.DRIFT)
                        .study(STUDY)
                        .ended("back")
                        .step(1100)
                        .deviation())
                .get(0));

        assertThat(post("/v1/alerts/" + ALERT + "/acknowledge", "{}").statusCode())
                .isEqualTo(409);
        assertThat(written).isEmpty();
    }

    @Test
    void silences_postGetDelete_liveAndEnd() throws Exception {
        String body =
                "{\"study\": \"ladder/c4\", \"name\": \"new/disks\", \"matchers\": {\"run\": \"a*\"}, \"until\": \"2026-03-01T18:00:00Z\"}";
        assertThat(post("/v1/silences", body).statusCode()).isEqualTo(202);
        follow();

        assertThat(get("/v1/silences")).contains("\"silence/ladder%2Fc4/new%2Fdisks\"", "\"run\":\"a*\"");
        assertThat(get("/v1/silences?study=other")).isEqualTo("{\"v\":1,\"silences\":[]}");
        HttpResponse<String> gone = delete("/v1/silences/new%2Fdisks?study=ladder%2Fc4");
        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(202);
        follow();
        assertThat(get("/v1/silences")).isEqualTo("{\"v\":1,\"silences\":[]}");
        assertThat(delete("/v1/silences/new%2Fdisks?study=ladder%2Fc4").statusCode())
                .isEqualTo(404);
    }

    @Test
    void silence_withoutAName_isCalledByItsMatchers() throws Exception {
        String body =
                "{\"study\": \"ladder/c4\", \"matchers\": {\"run\": \"a\", \"rule\": \"drift\"}, \"until\": \"2026-03-02T00:00:00Z\"}";

        assertThat(post("/v1/silences", body).body()).contains("silence/ladder%2Fc4/rule=drift,run=a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/silences | {'matchers': {'run': 'a'}, 'until': '2026-03-02T00:00:00Z'} | study is missing",
                "/v1/silences | {'study': 's', 'until': '2026-03-02T00:00:00Z'} | matchers must hold 1 to 20 labels",
                "/v1/silences | {'study': 's', 'matchers': {}, 'until': '2026-03-02T00:00:00Z'} | matchers must hold",
                "/v1/silences | {'study': 's', 'matchers': {'run': null}, 'until': '2026-03-02T00:00:00Z'} | a matcher's value is missing",
                "/v1/silences | {'study': 's', 'matchers': {'run': 'a'}} | until must be a time to come, such as 2026-03-01T13:00:00Z",
                "/v1/silences | {'study': 's', 'matchers': {'run': 'a'}, 'until': '2026-03-01T12:00:00Z'} | until must be a time to come",
                "/v1/silences | {'study': 's', 'matchers': {'run': 'a'}, 'until': 'soon'} | until",
                "/v1/silences | {'study': 's', 'name': ' ', 'matchers': {'run': 'a'}, 'until': '2026-03-02T00:00:00Z'} | name is missing",
                "/v1/silences | [] | the body is expected a JSON object",
                "/v1/silences | {'study | the body is not JSON",
                "/v1/alerts/ladder%252Fc4%2Fa%2F0%2Fdrift%2F1000/acknowledge | {'by': 'a\\u0000b'} | by holds a control character",
                "/v1/alerts/ladder%252Fc4%2Fa%2F0%2Fdrift%2F1000/acknowledge | {'by': {}} | by",
            },
            quoteCharacter = '`')
    void post_badBody_is400AndSaysWhy(String path, String body, String reason) throws Exception {
        HttpResponse<String> response = post(path, body.replace('\'', '"'));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(reason);
        assertThat(written).isEmpty();
    }

    @Test
    void post_otherwise_isRefused() throws Exception {
        String path = "/v1/alerts/" + ALERT + "/acknowledge";
        assertThat(post("/v1/alerts/none/acknowledge", "{}").statusCode()).isEqualTo(404);
        assertThat(post("/v1/alerts/" + ALERT, "{}").statusCode()).isEqualTo(404);
        assertThat(post("/v1/alerts/" + ALERT + "/resolve", "{}").statusCode()).isEqualTo(404);
        assertThat(post(path, "{\"comment\": \"" + "x".repeat(70_000) + "\"}").statusCode())
                .isEqualTo(413);
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
            assertThat(send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isEqualTo(415);
        }
        assertThat(send(request(path).POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(415);
        assertThat(written).isEmpty();
    }

    @Test
    void post_kafkaBusy_is503() throws Exception {
        storing = Mono.error(new BusyException("too much"));

        HttpResponse<String> response = post("/v1/alerts/" + ALERT + "/acknowledge", "{}");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("try again");
    }

    private void tell(Alert alert) {
        view.apply(List.of(Sample.record(Topics.ALERTS, 0, alert.id(), alert)), true);
    }

    /** Lets the read model see what was written last. */
    private void follow() {
        ProducerRecord<byte[], byte[]> last = written.get(written.size() - 1);
        view.apply(
                List.of(Sample.record(
                        last.topic(),
                        0,
                        new String(last.key(), StandardCharsets.UTF_8),
                        Objects.requireNonNull(last.value()))),
                true);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return send(request(path).DELETE());
    }

    private String get(String path) throws Exception {
        return send(request(path)).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
