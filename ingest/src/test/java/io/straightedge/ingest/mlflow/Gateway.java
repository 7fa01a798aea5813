package io.straightedge.ingest.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.ingest.http.Limits;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** The routes on a real server, before a topic that is a list. */
final class Gateway implements AutoCloseable {

    static final String BASE = "/api/2.0/mlflow";

    private static final int PARTITIONS = 12;
    private static final Limits LIMITS =
            new Limits(1 << 20, 8 << 20, 100, 256 << 10, Duration.ofSeconds(2), Duration.ofSeconds(2));

    /** What stands before the routes: lets a request through by giving it to the routes. */
    interface Front {
        Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response, HttpServerRoutes routes);
    }

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<ProducerRecord<byte[], byte[]>> written;
    final MlflowRoutes mlflow;
    volatile RecordWriter writer;
    volatile Caller caller = Caller.ANYONE;

    private final Sinks.Many<Tail.Chunk> tracking = Sinks.many().unicast().onBackpressureBuffer();
    private final HttpClient client = HttpClient.newHttpClient();
    private final DisposableServer server;

    /** A gateway on the given topics, which knows nothing until {@link #catchUp}. */
    Gateway(List<ProducerRecord<byte[], byte[]>> topics, Front front) {
        written = topics;
        writer = records -> Mono.fromRunnable(() -> written.addAll(records));
        mlflow = new MlflowRoutes(
                records -> writer.write(records),
                PARTITIONS,
                meters,
                LIMITS,
                (study, run) -> Flux.fromIterable(losses())
                        .filter(loss -> loss.study().equals(study) && loss.run().equals(run)),
                Clock.fixed(Instant.parse("2026-11-24T01:50:00Z"), ZoneOffset.UTC));
        var unused = mlflow.follow(tracking.asFlux()).subscribe();
        HttpServerRoutes routes = HttpServerRoutes.newRoutes();
        mlflow.accept(routes);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> Mono.from(front.handle(request, response, routes))
                        .contextWrite(context -> context.put(Caller.class, caller)))
                .bindNow();
    }

    /** A gateway that has caught up on empty topics. */
    static Gateway fresh() {
        Gateway gateway = on(new CopyOnWriteArrayList<>());
        gateway.catchUp();
        return gateway;
    }

    static Gateway on(List<ProducerRecord<byte[], byte[]>> topics) {
        return new Gateway(topics, (request, response, routes) -> routes.apply(request, response));
    }

    /** Reads everything that the topic holds now. */
    void catchUp() {
        tracking.tryEmitNext(new Tail.Chunk(tracked(written), true)).orThrow();
    }

    static List<ConsumerRecord<byte[], byte[]>> tracked(List<ProducerRecord<byte[], byte[]>> topics) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : topics) {
            if (record.topic().equals(Topics.TRACKING)) {
                records.add(new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        records.size(),
                        0L,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        record.key(),
                        record.value(),
                        record.headers(),
                        Optional.empty()));
            }
        }
        return records;
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    HttpResponse<String> post(String path, String body) {
        return post(path, body, "mlflow-python-client/2.17.2");
    }

    HttpResponse<String> post(String path, String body, String userAgent) {
        return send(request(path).header("User-Agent", userAgent).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpClient client() {
        return client;
    }

    HttpRequest.Builder request(String path) {
        String full =
                path.startsWith("/ajax") || path.startsWith("/api") || path.equals("/version") || path.equals("/health")
                        ? path
                        : BASE + path;
        return HttpRequest.newBuilder(URI.create(url() + full)).header("Content-Type", "application/json");
    }

    /** The JSON of an answer that must be a 200. */
    JsonNode good(String path, String body) {
        return good(post(path, body));
    }

    static JsonNode good(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return json(response);
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.tree(response.body().getBytes(UTF_8));
        } catch (MessageException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    /** A run in an experiment of that name, which is created if need be; its id. */
    String run(String experiment, String name) {
        HttpResponse<String> found = get("/experiments/get-by-name?experiment_name=" + experiment);
        String id = found.statusCode() == 200
                ? json(found).at("/experiment/experiment_id").asText()
                : good("/experiments/create", "{\"name\":\"" + experiment + "\"}")
                        .get("experiment_id")
                        .asText();
        return good(
                        "/runs/create",
                        "{\"experiment_id\":\"" + id + "\",\"start_time\":" + System.nanoTime() + ",\"run_name\":\""
                                + name + "\"}")
                .at("/run/info/run_id")
                .asText();
    }

    List<TrainingEvent> events() {
        List<TrainingEvent> events = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : written) {
            if (record.topic().equals(Topics.TRAINING_EVENTS)) {
                try {
                    events.add(Json.event(Json.tree(record.value())));
                } catch (MessageException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return events;
    }

    List<LossObservation> losses() {
        return ofType(LossObservation.class);
    }

    List<RunManifest> manifests() {
        return ofType(RunManifest.class);
    }

    <T> List<T> ofType(Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
