package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import io.straightedge.publisher.predict.Predictions;
import io.straightedge.publisher.predict.Recommendations;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.view.View;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The routes over the read model of a few runs, served while a class of tests runs. */
class ServedSample {

    static final String ODD_STUDY = "a/b+c <script>alert(1)</script> 100%";
    static final String ODD_RUN = "étude/№1?x=#y&z";

    static final String ALERT = "c4%2Fsame%2F0%2Fdrift%2F1000";

    private static View view = new View(new SimpleMeterRegistry());
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static DisposableServer server;
    private static long offset;

    @BeforeAll
    static void start() {
        view = new View(new SimpleMeterRegistry());
        offset = 0;
        LawEstimate law = Sample.law("c4", 7, Sample.points(2, 44e6, 90e6, 350e6), List.of(1e21, 1e22));
        take(Topics.LAW_ESTIMATES, law.key(), law);
        Recommendations.of(law).forEach(one -> take(Topics.RECOMMENDATIONS, one.key(), one));
        for (CurveEstimate curve : List.of(
                Sample.curve("c4", "small", 9e7, 2e9, 1),
                Sample.curve("c4", "same", 3e8, 6e9, 0.4),
                Sample.curve("other", "same", 3e8, 6e9, 0),
                Sample.curve(ODD_STUDY, ODD_RUN, 1e8, 2e9, 0.5))) {
            take(Topics.CURVE_ESTIMATES, curve.key(), curve);
            var prediction = Predictions.of(curve, curve.study().equals("c4") ? law : null);
            if (prediction != null) {
                take(Topics.PREDICTIONS, prediction.key(), prediction);
            }
            take(
                    Topics.DEVIATIONS,
                    curve.study() + "/" + curve.run(),
                    Sample.deviation(curve, Detector.SPIKE, 40, true, "up"));
        }
        ForecastScore score = Sample.score(Sample.curve("c4", "small", 9e7, 2e9, 1), 2.75);
        take(Topics.FORECAST_SCORES, score.key(), score);
        TrackRecord record = Sample.trackRecord("c4", "train", 7, 900);
        take(Topics.FORECAST_SCORES, record.key(), record);
        Alert alert = new AlertBook(RuleBook.DEFAULT)
                .apply(Found.by(Detector.DRIFT).study("c4").run("same").deviation())
                .get(0);
        take(Topics.ALERTS, alert.id(), alert);
        LawEstimate refusal = Sample.noLaw("other");
        take(Topics.LAW_ESTIMATES, refusal.key(), refusal);
        view.apply(List.of(), true);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(new PublisherRoutes(view, new CommandOutlet(records -> Mono.empty(), 12, Clock.systemUTC())))
                .bindNow();
    }

    @AfterAll
    static void stop() {
        server.disposeNow();
    }

    static void take(String topic, String key, @Nullable Object message) {
        view.apply(List.of(Sample.record(topic, offset++, key, message)), false);
    }

    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(request(path).build(), BodyHandlers.ofString());
    }

    static JsonNode json(String path, int status) throws IOException, InterruptedException, MessageException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(status);
        assertThat(header(response, "content-type")).isEqualTo("application/json; charset=utf-8");
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }

    static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
