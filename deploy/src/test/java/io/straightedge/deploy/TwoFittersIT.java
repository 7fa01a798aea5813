package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.deploy.server.Address;
import io.straightedge.fitter.state.Applied;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A second fitter joins while the first works, then the first leaves: nothing is lost, nothing is doubled. */
@Timeout(180)
class TwoFittersIT {

    private static final int PARTITIONS = 6;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path locks;

    @ParameterizedTest
    @CsvSource({"IN_JVM, CONSUMER", "IN_JVM, CLASSIC", "CONTAINER, CONSUMER"})
    void secondFitterJoinsAndFirstLeaves_outputsAreThoseOfOne(BrokerKind kind, ExactlyOnce.Protocol protocol)
            throws Exception {
        List<TrainingEvent> events = Ladder.events(9, 150, 3);
        int third = events.size() / 3;
        Map<String, Object> expected;
        try (Broker broker = BrokerKind.IN_JVM.open()) {
            TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), PARTITIONS, (short) 1);
            try (Node only = fitter(broker, protocol)) {
                write(only, events);
                awaitApplied(events.size(), only);
            }
            expected = outputs(broker);
        }
        try (Broker broker = kind.open()) {
            TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), PARTITIONS, (short) 1);
            Node first = fitter(broker, protocol);
            try (Node second = joins(first, broker, protocol, events.subList(0, third))) {
                write(first, events.subList(third, 2 * third));
                Await.until(
                        "partitions have moved",
                        LONG,
                        () -> second.ready()
                                && first.ready()
                                && first.fitter().status().phases().size() == PARTITIONS / 2);
                first.close();
                write(second, events.subList(2 * third, events.size()));
                awaitApplied(events.size(), second);
                assertThat(second.fitter().accounts().count(Applied.DUPLICATE)).isZero();
                assertThat(second.fitter().accounts().balanced()).isTrue();
            } finally {
                first.close();
            }
            assertThat(outputs(broker)).isEqualTo(expected);
        }
    }

    private Node fitter(Broker broker, ExactlyOnce.Protocol protocol) throws Exception {
        return Node.start(new NodeOptions(
                Set.of(Stage.FITTER),
                KafkaSettings.of(broker.bootstrapServers()),
                EmbeddedBroker.Options.temporary(),
                new Address("127.0.0.1", 0),
                PARTITIONS,
                (short) 1,
                protocol,
                locks));
    }

    /** A second fitter, started while the first is at work. */
    private Node joins(Node first, Broker broker, ExactlyOnce.Protocol protocol, List<TrainingEvent> events)
            throws Exception {
        Await.until(
                "the first fitter is live",
                LONG,
                () -> first.fitter().status().phases().size() == PARTITIONS);
        write(first, events);
        return fitter(broker, protocol);
    }

    private static void write(Node node, List<TrainingEvent> events) {
        node.writer()
                .write(events.stream()
                        .map(event -> Ladder.record(event, PARTITIONS))
                        .toList())
                .block(LONG);
    }

    private static void awaitApplied(int events, Node node) throws Exception {
        Await.until("all events are applied", LONG, () -> {
            boolean nothingLeft = node.fitter().status().lag().values().stream().allMatch(records -> records == 0);
            return node.fitter().accounts().in() >= events && nothingLeft;
        });
    }

    private static Map<String, Object> outputs(Broker broker) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        for (String topic :
                List.of(Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES, Topics.DEVIATIONS, Topics.FORECAST_SCORES)) {
            outputs.put(topic, TopicContents.byPartition(broker.bootstrapServers(), topic, record -> true));
        }
        return outputs;
    }
}
