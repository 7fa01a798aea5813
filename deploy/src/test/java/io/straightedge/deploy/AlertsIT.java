package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.deploy.server.Address;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An alert from its deviation to its end, with a restart of the publisher while it is taken on. */
@Timeout(120)
class AlertsIT {

    private static final int PARTITIONS = 6;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ID = "s%252F1%2Fr%2F0%2Fdivergence%2F1000";

    @TempDir
    Path locks;

    @ParameterizedTest
    @EnumSource(ExactlyOnce.Protocol.class)
    void deviation_becomesAnAlert_thatOutlivesARestart(ExactlyOnce.Protocol protocol) throws Exception {
        try (Broker broker = BrokerKind.IN_JVM.open()) {
            try (Node node = start(broker, protocol)) {
                write(node, deviation(Deviation.Phase.BEGAN, 1004));
                Await.until("firing", SOON, () -> state(node).equals("firing"));
                assertThat(send(node, "POST", "/v1/alerts/" + ID + "/acknowledge", "{\"by\": \"grace\"}")
                                .statusCode())
                        .isEqualTo(202);
                Await.until("acknowledged", SOON, () -> state(node).equals("acknowledged"));
            }
            try (Node node = start(broker, protocol)) {
                write(node, deviation(Deviation.Phase.GOES_ON, 1100));
                Await.until("seen again", SOON, () -> alert(node).path("step").asLong() == 1100);
                assertThat(alert(node).get("acknowledgedBy").asText()).isEqualTo("grace");
                write(node, deviation(Deviation.Phase.ENDED, 1200));
                Await.until("resolved", SOON, () -> state(node).equals("resolved"));
                assertThat(send(node, "GET", "/metrics", null).body())
                        .contains("straightedge_alerts{severity=\"critical\",state=\"resolved\"} 1.0");
            }
            assertThat(TopicContents.all(broker.bootstrapServers(), Topics.ALERTS))
                    .extracting(record -> TopicContents.text(
                            record.headers().lastHeader("ce_type").value()))
                    .containsExactly(
                            "io.straightedge.alert.firing.v1",
                            "io.straightedge.alert.acknowledged.v1",
                            "io.straightedge.alert.acknowledged.v1",
                            "io.straightedge.alert.resolved.v1");
        }
    }

    /** Times are in the events, a minute between a run's own; the other run lets time pass. */
    @Test
    void runFallsSilent_isFoundToldAndResolved_andItsEndEndsTheNext() throws Exception {
        try (Broker broker = BrokerKind.IN_JVM.open();
                Node node = start(broker, ExactlyOnce.Protocol.CONSUMER)) {
            post(node, "{\"type\":\"study\",\"study\":\"s\",\"clock\":\"event\"}");
            log(node, 0, 20, "steady", "quiet");
            log(node, 21, 23, "steady");
            Await.until("found", SOON, () -> stalls(node).equals(List.of("20 pending null")));
            JsonNode found = alerts(node).get(0);
            assertThat(Duration.between(
                            Instant.parse(found.get("since").asText()),
                            Instant.parse(found.get("changed").asText())))
                    .isBetween(Duration.ofMinutes(1), Duration.ofMinutes(3));
            log(node, 24, 36, "steady");
            Await.until("told", SOON, () -> stalls(node).equals(List.of("20 firing null")));
            assertThat(alerts(node).get(0).get("severity").asText()).isEqualTo("critical");
            log(node, 37, 40, "steady", "quiet");
            Await.until("back", SOON, () -> stalls(node).equals(List.of("20 resolved observations come again")));

            log(node, 41, 80, "steady");
            Await.until("again", SOON, () -> stalls(node).contains("40 firing null"));
            post(
                    node,
                    "{\"type\":\"end\",\"study\":\"s\",\"run\":\"quiet\",\"outcome\":\"killed\",\"time\":\""
                            + minute(80) + "\"}");
            Await.until("ended", SOON, () -> stalls(node).contains("40 resolved the run has ended"));
            assertThat(stalls(node)).hasSize(2);
        }
    }

    /** Observations of runs, one a minute. */
    private static void log(Node node, int fromMinute, int toMinute, String... runs) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int minute = fromMinute; minute <= toMinute; minute++) {
            for (String run : runs) {
                lines.append("{\"type\":\"loss\",\"study\":\"s\",\"run\":\"" + run + "\",\"step\":" + minute
                        + ",\"loss\":" + (9 - .01 * minute) + ",\"time\":\"" + minute(minute) + "\"}\n");
            }
        }
        post(node, lines.toString());
    }

    private static Instant minute(int minute) {
        return Instant.parse("2026-03-01T12:00:00Z").plusSeconds(60L * minute);
    }

    private static void post(Node node, String lines) throws Exception {
        assertThat(send(node, "POST", "/v1/events", lines).statusCode()).isBetween(200, 299);
    }

    private static JsonNode alerts(Node node) throws Exception {
        return Json.tree(send(node, "GET", "/v1/alerts?study=s", null).body().getBytes(StandardCharsets.UTF_8))
                .get("alerts");
    }

    /** Onset, state and reason of each stall. */
    private static List<String> stalls(Node node) throws Exception {
        List<String> stalls = new ArrayList<>();
        for (JsonNode alert : alerts(node)) {
            if (alert.get("rule").asText().equals("stall")) {
                stalls.add(alert.get("onsetStep").asText() + " "
                        + alert.get("state").asText() + " "
                        + alert.path("reason").asText("null"));
            }
        }
        return stalls;
    }

    private Node start(Broker broker, ExactlyOnce.Protocol protocol) throws Exception {
        Node node = Node.start(new NodeOptions(
                EnumSet.allOf(Stage.class),
                KafkaSettings.of(broker.bootstrapServers()),
                EmbeddedBroker.Options.temporary(),
                new Address("127.0.0.1", 0),
                PARTITIONS,
                (short) 1,
                protocol,
                locks));
        Await.until("ready", SOON, node::ready);
        return node;
    }

    private static void write(Node node, Deviation deviation) {
        node.writer()
                .write(List.of(new ProducerRecord<>(
                        Topics.DEVIATIONS,
                        Topics.partitionOf(deviation.study(), PARTITIONS),
                        deviation.key().getBytes(StandardCharsets.UTF_8),
                        Json.write(deviation))))
                .block(SOON);
    }

    private static Deviation deviation(Deviation.Phase phase, long step) {
        return Deviation.of(
                "s/1",
                "r",
                "train",
                "s/1/r/train/0/divergence/1000",
                step,
                0,
                Detector.DIVERGENCE,
                1000,
                step,
                9,
                0.5,
                phase != Deviation.Phase.ENDED,
                Instant.parse("2026-03-01T12:00:00Z"),
                "made up");
    }

    private static String state(Node node) throws Exception {
        return alert(node).path("state").asText();
    }

    private static JsonNode alert(Node node) throws Exception {
        return Json.tree(send(node, "GET", "/v1/alerts/" + ID, null).body().getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> send(Node node, String method, String path, @Nullable String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .timeout(SOON)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
