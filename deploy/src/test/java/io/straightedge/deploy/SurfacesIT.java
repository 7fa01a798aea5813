package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.deploy.server.Address;
import io.straightedge.fitter.state.Accounts;
import io.straightedge.fitter.state.Applied;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.TrainingEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All stages on a real broker, met where others meet them: Kafka's topics and HTTP. */
@Timeout(120)
class SurfacesIT {

    private static final int PARTITIONS = 6;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path locks;

    private @Nullable Broker broker;
    private @Nullable Node node;

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void garbage_becomesDeadLettersAndTheLanesGoOn(BrokerKind kind) throws Exception {
        Node all = start(kind);
        List<byte[]> garbage = Stream.of(
                        "not json",
                        "{\"type\":\"loss\",\"run\":\"r\",\"step\":1,\"loss\":2}",
                        "{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":-1,\"loss\":2}",
                        "{\"type\":\"loss\",\"study\":\"" + "x".repeat(10_000)
                                + "\",\"run\":\"r\",\"step\":1,\"loss\":2}",
                        " ".repeat(5_000_000))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < garbage.size(); i++) {
            records.add(new ProducerRecord<>(Topics.TRAINING_EVENTS, i % PARTITIONS, null, garbage.get(i)));
        }
        List<TrainingEvent> good = Ladder.events(3, 40, 2);
        good.forEach(event -> records.add(Ladder.record(event, PARTITIONS)));
        all.writer().write(records).block(SOON);

        Accounts accounts = settled(all, garbage.size() + good.size());
        assertThat(accounts.count(Applied.DEAD_LETTER)).isEqualTo(garbage.size());
        assertThat(accounts.balanced()).isTrue();
        List<ConsumerRecord<byte[], byte[]>> letters =
                TopicContents.all(all.kafka().bootstrapServers(), Topics.DEAD_LETTERS);
        assertThat(letters)
                .extracting(SurfacesIT::reason)
                .containsExactlyInAnyOrder("malformed", "invalid", "invalid", "invalid", "too-large");
        assertThat(letters).extracting(ConsumerRecord::value).containsExactlyInAnyOrderElementsOf(garbage);
        Await.until(
                "all runs are shown",
                SOON,
                () -> get(all, "/v1/runs").get("runs").size() == 24);
        assertThat(sum(metrics(all), "straightedge_fitter_events_total"))
                .isEqualTo(sum(metrics(all), "straightedge_fitter_events_in_total"));
    }

    @ParameterizedTest
    @EnumSource
    void misplacedEvents_areForwardedAndNothingIsLost(BrokerKind kind) throws Exception {
        Node all = start(kind);
        long seed = System.nanoTime();
        System.out.println("SurfacesIT seed " + seed);
        Random random = new Random(seed);
        // One partition for each study, most of them wrong, and half of the records without a key: as kcat would.
        int[] wrong = random.ints(5, 0, PARTITIONS).toArray();
        List<TrainingEvent> events = Ladder.events(5, 60, 4);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        int misplaced = 0;
        for (TrainingEvent event : events) {
            ProducerRecord<byte[], byte[]> right = Ladder.record(event, PARTITIONS);
            String study = String.valueOf(event.study());
            int partition = wrong[Integer.parseInt(study.substring("study-".length()))];
            misplaced += right.partition() == partition ? 0 : 1;
            records.add(new ProducerRecord<>(
                    Topics.TRAINING_EVENTS, partition, random.nextBoolean() ? right.key() : null, right.value()));
        }
        all.writer().write(records).block(SOON);

        Accounts accounts = settled(all, events.size() + misplaced);
        assertThat(accounts.count(Applied.FORWARDED)).isEqualTo(misplaced);
        assertThat(accounts.count(Applied.DEAD_LETTER)).isZero();
        assertThat(accounts.balanced()).isTrue();
        Await.until("every run has finished", SOON, () -> {
            JsonNode runs = get(all, "/v1/runs").get("runs");
            return runs.size() == 40 && runs.findValuesAsText("status").stream().allMatch("finished"::equals);
        });
    }

    @ParameterizedTest
    @EnumSource(names = "IN_JVM")
    void http_eventsIn_predictionsOut(BrokerKind kind) throws Exception {
        Node all = start(kind);
        Await.until("ready", SOON, () -> send(all, "GET", "/health/ready", null).statusCode() == 200);
        assertThat(send(all, "GET", "/health/live", null).statusCode()).isEqualTo(200);

        StringBuilder lines = new StringBuilder(
                "{\"type\":\"run\",\"study\":\"s\",\"run\":\"r/1\",\"params\":1e8,"
                        + "\"plannedSteps\":1000,\"tokensPerStep\":1e5,\"schedule\":{\"kind\":\"cosine\",\"warmupSteps\":10}}\n");
        for (int step = 5; step <= 500; step += 5) {
            lines.append(line(step, 3 + 5 / Math.sqrt(step)));
        }
        assertThat(send(all, "POST", "/v1/events", lines.toString()).statusCode())
                .isEqualTo(200);
        HttpResponse<String> mixed = send(all, "POST", "/v1/events", line(505, 3.2) + "{\"type\":\"loss\"}\n");
        assertThat(mixed.statusCode()).isEqualTo(400);
        assertThat(mixed.body()).contains("\"accepted\":1").contains("\"line\":2");
        // A restart that the job does not tell of.
        assertThat(send(all, "POST", "/v1/events", line(400, 3.3) + line(405, 3.3))
                        .statusCode())
                .isEqualTo(200);

        Await.until("the run has a forecast and a second attempt", SOON, () -> {
            JsonNode runs = get(all, "/v1/runs").get("runs");
            return runs.size() == 1
                    && runs.get(0).hasNonNull("prediction")
                    && runs.get(0).get("attempt").asInt() == 1;
        });
        assertThat(send(all, "GET", "/v1/runs/s/r%2F1", null).statusCode()).isEqualTo(200);
        assertThat(send(all, "GET", "/v1/runs/s/other", null).statusCode()).isEqualTo(404);
        assertThat(get(all, "/v1/deviations").toString()).contains("\"restart\"");
        HttpResponse<Stream<String>> stream = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(all.url() + "/v1/stream"))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> events = stream.body()) {
            assertThat(events.filter(line -> line.startsWith("data:")).findFirst())
                    .get()
                    .asString()
                    .contains("r/1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "IN_JVM")
    void door_requestThatAPageElsewhereMade_staysOut(BrokerKind kind) throws Exception {
        Node all = start(kind);
        HttpResponse<String> foreign = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(all.url() + "/v1/events"))
                                .header("Origin", "https://evil.example")
                                .POST(HttpRequest.BodyPublishers.ofString(line(1, 1)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.body()).contains("Origin https://evil.example is not this server");
        assertThat(send(all, "GET", "/nowhere", null).statusCode()).isEqualTo(404);
    }

    private Node start(BrokerKind kind) throws Exception {
        Broker opened = kind.open();
        broker = opened;
        Node started = Node.start(new NodeOptions(
                EnumSet.allOf(Stage.class),
                KafkaSettings.of(opened.bootstrapServers()),
                EmbeddedBroker.Options.temporary(),
                new Address("127.0.0.1", 0),
                PARTITIONS,
                (short) 1,
                ExactlyOnce.Protocol.CONSUMER,
                locks));
        node = started;
        return started;
    }

    private static String line(long step, double loss) {
        return new String(Json.write(LossObservation.of("s", "r/1", step, loss)), StandardCharsets.UTF_8) + "\n";
    }

    /** The accounts once so many events have been read and nothing is left. */
    private static Accounts settled(Node all, int events) throws Exception {
        Await.until(
                "all events are worked on",
                SOON,
                () -> all.fitter().accounts().in() >= events
                        && all.fitter().status().lag().values().stream().allMatch(records -> records == 0));
        return all.fitter().accounts();
    }

    private static String reason(ConsumerRecord<byte[], byte[]> letter) {
        return TopicContents.text(letter.headers().lastHeader("errors.reason").value());
    }

    private static JsonNode get(Node all, String path) throws Exception {
        HttpResponse<String> response = send(all, "GET", path, null);
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String metrics(Node all) throws Exception {
        return send(all, "GET", "/metrics", null).body();
    }

    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static HttpResponse<String> send(Node all, String method, String path, @Nullable String body)
            throws Exception {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(all.url() + path))
                .timeout(SOON)
                .header("Content-Type", "application/x-ndjson")
                .method(method, publisher)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
