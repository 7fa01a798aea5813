package io.straightedge.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.deploy.server.Address;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka goes away under a running gateway, and comes back. */
@Timeout(120)
class OutageIT {

    private static final int PARTITIONS = 2;
    private static final int ENOUGH = 20;
    private static final int LARGE_BODIES = 40;
    private static final int EVENTS_OF_A_LARGE_BODY = 9000;

    /** The ten seconds for which the routes wait for Kafka, and some for a busy machine. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String LOSS = "{\"type\":\"loss\",\"study\":\"s\",\"run\":\"%s\",\"step\":%d,\"loss\":2.5}";
    private static final String OTLP = """
            {"resourceMetrics":[{"resource":{"attributes":[
              {"key":"service.name","value":{"stringValue":"s"}},
              {"key":"straightedge.run","value":{"stringValue":"otlp"}}]},
            "scopeMetrics":[{"metrics":[{"name":"loss","gauge":{"dataPoints":[
              {"asDouble":2.5,"attributes":[{"key":"step","value":{"intValue":"%d"}}]}]}}]}]}]}""";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private volatile boolean stopping;

    /** Sends one loss after the other through one way in, and keeps what it is told. */
    private final class Sender {
        private final IntFunction<HttpRequest> request;
        private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Void> ended;

        Sender(IntFunction<HttpRequest> request) {
            this.request = request;
            ended = CompletableFuture.runAsync(this::run);
        }

        private void run() {
            for (int step = 1; !stopping; step++) {
                long began = System.nanoTime();
                HttpResponse<String> response = send(request.apply(step)).join();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ANSWERED_WITHIN);
                if (response.statusCode() == 200) {
                    acknowledged.add((long) step);
                } else {
                    assertRefused(response);
                    refusals.add(response.statusCode());
                }
            }
        }

        /** As soon as it has been acknowledged and refused that often; fails with the sender. */
        void await(int acknowledgements, int refused) throws Exception {
            Await.until("an answer", SOON, () -> {
                if (ended.isCompletedExceptionally()) {
                    ended.join();
                }
                return acknowledged.size() >= acknowledgements && refusals.size() >= refused;
            });
        }
    }

    @Test
    void kafkaAway_everyWayIn_asksToComeAgainAndAcknowledgesNothingThatIsLost() throws Exception {
        EmbeddedBroker before = EmbeddedBroker.start(new EmbeddedBroker.Options(folder.resolve("data"), 0));
        KafkaSettings kafka = KafkaSettings.of(before.bootstrapServers());
        try (Node node = Node.start(new NodeOptions(
                EnumSet.of(Stage.INGEST),
                kafka,
                EmbeddedBroker.Options.temporary(),
                new Address("127.0.0.1", 0),
                PARTITIONS,
                (short) 1,
                ExactlyOnce.Protocol.CONSUMER,
                folder.resolve("locks")))) {
            Await.until("ready", SOON, node::ready);
            String run = mlflowRun(node);
            Map<String, Sender> senders = new TreeMap<>(Map.of(
                    "ndjson",
                    new Sender(step -> post(node, "/v1/events", LOSS.formatted("ndjson", step))),
                    "otlp",
                    new Sender(step -> post(node, "/v1/metrics", OTLP.formatted(step))),
                    "mlflow",
                    new Sender(step -> post(
                            node,
                            "/api/2.0/mlflow/runs/log-metric",
                            "{\"run_id\":\"" + run + "\",\"key\":\"loss\",\"value\":2.5,\"timestamp\":" + step
                                    + ",\"step\":" + step + "}"))));
            for (Sender sender : senders.values()) {
                sender.await(ENOUGH, 0);
            }
            before.close();
            List<Integer> large = sendLarge(node);
            for (Sender sender : senders.values()) {
                sender.await(0, 1);
            }
            assertThat(large)
                    .as("what waits is bounded")
                    .contains(429)
                    .allMatch(status -> status == 429 || status == 503);
            Map<String, Integer> during = senders.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            sender -> sender.getValue().acknowledged.size()));
            try (EmbeddedBroker after =
                    EmbeddedBroker.start(new EmbeddedBroker.Options(folder.resolve("data"), before.port()))) {
                assertThat(after.bootstrapServers()).isEqualTo(before.bootstrapServers());
                for (Map.Entry<String, Sender> sender : senders.entrySet()) {
                    sender.getValue().await(during.getOrDefault(sender.getKey(), 0) + ENOUGH, 1);
                }
                stopping = true;
                senders.values().forEach(sender -> sender.ended.join());
                Map<String, Set<Long>> stored = stored(kafka);
                senders.forEach((name, sender) -> {
                    System.out.println(
                            name + ": " + sender.acknowledged.size() + " acknowledged, refused with " + sender.refusals
                                    + ", " + stored.getOrDefault(name, Set.of()).size() + " stored");
                    assertThat(stored.getOrDefault(name, Set.of())).as(name).containsAll(sender.acknowledged);
                });
            }
        }
    }

    /** More than may wait for Kafka, at once; the statuses of the answers. */
    private List<Integer> sendLarge(Node node) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        String body = IntStream.range(0, EVENTS_OF_A_LARGE_BODY)
                .mapToObj(step -> LOSS.formatted("large", step))
                .collect(Collectors.joining("\n"));
        for (int i = 0; i < LARGE_BODIES; i++) {
            answers.add(send(post(node, "/v1/events", body)));
        }
        List<Integer> statuses = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertRefused(answer.join());
            statuses.add(answer.join().statusCode());
        }
        return statuses;
    }

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isIn(429, 503);
        assertThat(response.headers().firstValue("retry-after")).isPresent();
    }

    private String mlflowRun(Node node) throws MessageException {
        String experiment =
                json(post(node, "/api/2.0/mlflow/experiments/create", "{\"name\":\"s\"}"), "/experiment_id");
        return json(
                post(
                        node,
                        "/api/2.0/mlflow/runs/create",
                        "{\"experiment_id\":\"" + experiment + "\",\"run_name\":\"mlflow\"}"),
                "/run/info/run_id");
    }

    private String json(HttpRequest request, String pointer) throws MessageException {
        HttpResponse<String> response = send(request).join();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.tree(response.body().getBytes(UTF_8)).at(pointer).asText();
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private static HttpRequest post(Node node, String path, String body) {
        return HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Content-Type", "application/json")
                .timeout(SOON)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    /** The steps in the topic, by run. */
    private static Map<String, Set<Long>> stored(KafkaSettings kafka) {
        Map<String, Set<Long>> steps = new TreeMap<>();
        Tail.follow(kafka, List.of(Topics.TRAINING_EVENTS))
                .takeUntil(Tail.Chunk::caughtUp)
                .doOnNext(chunk -> chunk.records().forEach(record -> {
                    if (event(record.value()) instanceof LossObservation loss) {
                        steps.computeIfAbsent(loss.run(), unknown -> new TreeSet<>())
                                .add(loss.step());
                    }
                }))
                .then()
                .block(SOON);
        return steps;
    }

    private static Object event(byte[] value) {
        try {
            return Json.event(Json.tree(value));
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }
}
