package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.KafkaWriter;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.publisher.stream.PublisherStage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Alerts told by publishers that are processes of their own, and die: to a real Alertmanager, by what it tells its own
 * receiver, and to a receiver that forgives no repetition.
 */
@Timeout(120)
class AlertLifeIT {

    private static final int PARTITIONS = 4;
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Three intervals of Alertmanager's groups, and three looks of the notifier: time enough to tell twice. */
    private static final Duration TWICE = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final Instant onset = Instant.now().minusSeconds(20).truncatedTo(ChronoUnit.MILLIS);
    private Hook ofAlertmanager;
    private Hook direct;
    private Broker broker;
    private KafkaWriter writer;
    private AlertmanagerProcess alertmanager;
    private Path rules;

    @BeforeEach
    void open() throws Exception {
        ofAlertmanager = new Hook();
        direct = new Hook();
        alertmanager = AlertmanagerProcess.start(folder, ofAlertmanager.url());
        broker = BrokerKind.IN_JVM.open();
        KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
        TopicSetup.ensure(kafka, PARTITIONS, (short) 1);
        writer = new KafkaWriter(kafka, "test", KafkaWriter.LONG);
        rules = Files.writeString(folder.resolve("rules.yaml"), """
                sinks:
                  - {name: alertmanager, kind: alertmanager, url: "%s", allow-http: true, allow-private: [127.0.0.0/8]}
                  - {name: direct, kind: alertmanager-webhook, url: "%s", allow-http: true, allow-private: [127.0.0.0/8]}
                """.formatted(alertmanager.url(), direct.url()));
    }

    @AfterEach
    void close() {
        if (broker != null) {
            writer.close();
            broker.close();
        }
        if (alertmanager != null) {
            alertmanager.close();
        }
        ofAlertmanager.close();
        direct.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void publisherKilled_alertIsToldOnceAndItsEndOnce(boolean endsMeanwhile) throws Exception {
        try (StraightedgeProcess first = publisher()) {
            write(deviation("r", Deviation.Phase.BEGAN));
            awaitTold("firing", List.of("r"));
            first.kill();
        }
        assertThat(alertmanager.alerts().toString()).contains("StraightedgeDivergence");
        if (endsMeanwhile) {
            write(deviation("r", Deviation.Phase.ENDED));
        }
        try (StraightedgeProcess second = publisher()) {
            if (!endsMeanwhile) {
                awaitLive(second);
                write(deviation("r", Deviation.Phase.ENDED));
            }
            awaitTold("resolved", List.of("r"));
            Await.pause(TWICE);
        }
        assertThat(ofAlertmanager.said()).containsExactly("firing r", "resolved r");
        assertThat(direct.said()).containsExactly("firing r", "resolved r");
        assertThat(ofAlertmanager.starts()).containsOnly(onset);
        assertThat(direct.starts()).containsOnly(onset);
        assertThat(alertmanager.alerts().toString()).doesNotContain("StraightedgeDivergence");
    }

    @Test
    void groupReset_everythingIsReadAgainAndNothingToldAgain() throws Exception {
        try (StraightedgeProcess first = publisher()) {
            write(deviation("over", Deviation.Phase.BEGAN));
            write(deviation("on", Deviation.Phase.BEGAN));
            awaitTold("firing", List.of("over", "on"));
            write(deviation("over", Deviation.Phase.ENDED));
            awaitTold("resolved", List.of("over"));
            assertThat(first.stop()).isNotNegative();
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteConsumerGroups(List.of(PublisherStage.ALERT_GROUP))
                    .all()
                    .get();
        }
        try (StraightedgeProcess second = publisher()) {
            awaitLive(second);
            Await.pause(TWICE);
            write(deviation("on", Deviation.Phase.ENDED));
            awaitTold("resolved", List.of("on"));
            Await.pause(TWICE);
        }
        for (Hook hook : List.of(ofAlertmanager, direct)) {
            assertThat(hook.said())
                    .containsExactlyInAnyOrder("firing over", "firing on", "resolved over", "resolved on");
        }
    }

    @Test
    void oneOfTwoPublishersKilled_theOtherTellsEndsOnly() throws Exception {
        List<String> runs = IntStream.range(0, 4).mapToObj(i -> "r" + i).toList();
        try (StraightedgeProcess first = publisher();
                StraightedgeProcess second = publisher()) {
            awaitLive(first);
            awaitLive(second);
            for (String run : runs) {
                write(deviation(run, Deviation.Phase.BEGAN));
            }
            awaitTold("firing", runs);
            first.kill();
            for (String run : runs) {
                write(deviation(run, Deviation.Phase.ENDED));
            }
            awaitTold("resolved", runs);
            Await.pause(TWICE);
        }
        for (Hook hook : List.of(ofAlertmanager, direct)) {
            assertThat(hook.said()).hasSize(2 * runs.size()).doesNotHaveDuplicates();
        }
    }

    private StraightedgeProcess publisher() throws Exception {
        return StraightedgeProcess.start(
                folder.resolve("log.txt"),
                "publisher",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--partitions",
                Integer.toString(PARTITIONS),
                "--http-port",
                "0",
                "--rules",
                rules.toString());
    }

    /** Each run is a study of its own, so that runs lie in several partitions and make no fleet. */
    private Deviation deviation(String run, Deviation.Phase phase) {
        boolean ended = phase == Deviation.Phase.ENDED;
        return new Deviation(
                "study-" + run,
                run,
                "train",
                "id",
                1,
                0,
                Detector.DIVERGENCE,
                1000,
                ended ? 1200 : 1004,
                9,
                4.5,
                !ended,
                onset.plusSeconds(ended ? 20 : 10),
                ended ? "the loss came back" : "The loss went up and stays there.",
                phase,
                100.0,
                5L,
                null,
                null,
                onset,
                null,
                "ada",
                Map.of("team", "b"));
    }

    private void write(Deviation deviation) {
        writer.write(List.of(new ProducerRecord<>(
                        Topics.DEVIATIONS,
                        Topics.partitionOf(deviation.study(), PARTITIONS),
                        deviation.key().getBytes(StandardCharsets.UTF_8),
                        Json.write(deviation))))
                .block(SOON);
    }

    private void awaitLive(StraightedgeProcess publisher) throws Exception {
        Await.until("the publisher is ready", SOON, () -> publisher.ready());
    }

    /** Waits until both receivers have it of all runs, and until it is written that both sinks have. */
    private void awaitTold(String state, List<String> runs) throws Exception {
        List<String> all = runs.stream().map(run -> state + " " + run).toList();
        for (Hook hook : List.of(ofAlertmanager, direct)) {
            Await.until("told " + all, SOON, () -> hook.said().containsAll(all));
        }
        Await.until("recorded " + all, SOON, () -> receipts(state, runs) == 2L * runs.size());
    }

    /** Receipts of the two sinks that are not the log; one may be written twice, under one key. */
    private long receipts(String state, List<String> runs) throws Exception {
        Set<String> keys = new HashSet<>();
        for (var record : TopicContents.all(broker.bootstrapServers(), Topics.ALERT_COMMANDS)) {
            JsonNode command = Json.tree(record.value());
            boolean its = runs.contains(command.get("study").asText().replace("study-", ""))
                    && !command.get("by").asText().equals("log");
            if (its && command.get("state").asText().equals(state)) {
                keys.add(command.get("key").asText());
            }
        }
        return keys.size();
    }
}
