package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import io.straightedge.publisher.predict.Predictions;
import io.straightedge.publisher.predict.Recommendations;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.view.View;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a caller sees who may read one of two studies. */
@Timeout(60)
final class CallersTest {

    private static final Caller READER = new Caller("reader", Map.of(Scope.READ, Set.of("open")));
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final View view = new View(new SimpleMeterRegistry());
    private final List<ProducerRecord<byte[], byte[]>> written = new CopyOnWriteArrayList<>();
    private final AlertBook book = new AlertBook(RuleBook.DEFAULT);
    private volatile Caller caller = READER;
    private DisposableServer server;
    private long offset;

    @BeforeEach
    void start() {
        HttpServerRoutes routes = HttpServerRoutes.newRoutes();
        new PublisherRoutes(
                        view,
                        new CommandOutlet(
                                records -> Mono.fromRunnable(() -> written.addAll(records)), 12, Clock.systemUTC()))
                .accept(routes);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> Mono.from(routes.apply(request, response))
                        .contextWrite(context -> context.put(Caller.class, caller)))
                .bindNow();
        for (String study : List.of("open", "secret")) {
            LawEstimate law = Sample.law(study, 7, Sample.points(2, 44e6, 90e6, 350e6), List.of(1e21));
            take(Topics.LAW_ESTIMATES, law.key(), law);
            Recommendations.of(law).forEach(one -> take(Topics.RECOMMENDATIONS, one.key(), one));
            CurveEstimate curve = Sample.curve(study, study + "-run", 3e8, 6e9, 0.4);
            take(Topics.CURVE_ESTIMATES, curve.key(), curve);
            var prediction = Predictions.of(curve, law);
            if (prediction != null) {
                take(Topics.PREDICTIONS, prediction.key(), prediction);
            }
            take(
                    Topics.DEVIATIONS,
                    study + "/" + study + "-run",
                    Sample.deviation(curve, Detector.SPIKE, 40, true, "up"));
            var alert = book.apply(Found.by(Detector.DRIFT)
                            .study(study)
                            .run(study + "-run")
                            .deviation())
                    .get(0);
            take(Topics.ALERTS, alert.id(), alert);
        }
        view.apply(List.of(), true);
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/studies",
                "/v1/runs",
                "/v1/predictions",
                "/v1/deviations",
                "/v1/recommendations",
                "/v1/recommendations?budget=1e21",
                "/v1/alerts"
            })
    void list_callerOfOneStudy_holdsThatStudyAlone(String path) throws Exception {
        assertThat(get(path).body()).contains("open").doesNotContain("secret");
        caller = Caller.ANYONE;
        assertThat(get(path).body()).contains("open", "secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/studies/secret",
                "/v1/studies/secret/track-record",
                "/v1/runs/secret/secret-run",
                "/v1/runs/secret/secret-run/what-if",
                "/v1/runs/secret-run",
                "/v1/runs?study=secret",
                "/v1/predictions?study=secret",
                "/v1/deviations?study=secret",
                "/v1/recommendations?study=secret",
                "/v1/alerts/secret%2Fsecret-run%2F0%2Fdrift%2F1000"
            })
    void one_ofAForbiddenStudy_isAsIfItWereNotThere(String path) throws Exception {
        HttpResponse<String> hidden = get(path);
        assertThat(hidden.statusCode()).isEqualTo(404);
        String absent = path.replace("secret", "absent");
        assertThat(hidden.body().replace("secret", "absent"))
                .isEqualTo(get(absent).body());
        caller = Caller.ANYONE;
        assertThat(get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void list_namedForbiddenStudyOfAlerts_isEmpty() throws Exception {
        assertThat(get("/v1/alerts?study=secret").body()).isEqualTo("{\"v\":1,\"alerts\":[]}");
        assertThat(get("/v1/silences?study=secret").body()).isEqualTo("{\"v\":1,\"silences\":[]}");
    }

    @Test
    void command_withoutAdminOfTheStudy_isRefusedAndNotWritten() throws Exception {
        caller = new Caller("half", Map.of(Scope.READ, Set.of("*"), Scope.ADMIN, Set.of("open")));
        String acknowledge = "/v1/alerts/secret%2Fsecret-run%2F0%2Fdrift%2F1000/acknowledge";
        assertThat(post(acknowledge, "{}").statusCode()).isEqualTo(404);
        String silence = "{\"study\":\"secret\",\"matchers\":{\"rule\":\"*\"},\"until\":\"2100-01-01T00:00:00Z\"}";
        HttpResponse<String> refused = post("/v1/silences", silence);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("admin", "secret");
        assertThat(written).isEmpty();
        assertThat(post(acknowledge.replace("secret", "open"), "{}").statusCode())
                .isEqualTo(202);
        assertThat(post("/v1/silences", silence.replace("secret", "open")).statusCode())
                .isEqualTo(202);
    }

    @Test
    void stream_callerOfOneStudy_hearsOfThatStudyAlone() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Answers answers = new Answers(new Visible(view, READER, Scope.READ));
        StepVerifier.create(
                        new EventStream(view).events(answers, time, () -> true).map(CallersTest::text))
                .expectNextMatches(text -> text.startsWith("retry"))
                .assertNext(text -> assertThat(text).contains("open").doesNotContain("secret"))
                .then(() -> {
                    touch("secret");
                    time.advanceTimeBy(Duration.ofSeconds(1));
                    touch("open");
                    time.advanceTimeBy(Duration.ofSeconds(1));
                })
                .assertNext(text -> assertThat(text)
                        .startsWith("event: change")
                        .contains("open")
                        .doesNotContain("secret"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    private void touch(String study) {
        CurveEstimate curve = Sample.curve(study, study + "-run", 3e8, 6e9, 0.5);
        take(Topics.CURVE_ESTIMATES, curve.key(), curve);
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void take(String topic, String key, @Nullable Object message) {
        view.apply(List.of(Sample.record(topic, offset++, key, message)), false);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
