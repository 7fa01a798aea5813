package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.Broker;
import io.straightedge.deploy.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;

/** A broker that goes away and comes back on the same port with the same data. */
@Timeout(120)
final class BrokerAwayIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void run_brokerComesBack_losesAndDoublesNothing(ExactlyOnce.Protocol protocol) throws Exception {
        EmbeddedBroker before = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, 0));
        Cluster cluster = new Cluster(new Broker.InJvm(before), "away");
        cluster.produce(0, 1_000);
        try (Instance one = new Instance(cluster.options("a", protocol), cluster)) {
            cluster.awaitConsumed(1_000);
            before.close();
            try (EmbeddedBroker after = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, before.port()))) {
                assertThat(after.bootstrapServers()).isEqualTo(before.bootstrapServers());
                cluster.produce(1_000, 2_000);
                cluster.awaitConsumed(2_000);
                assertThat(one.error.get()).isNull();
                cluster.assertOutputsOf(2_000);
                one.stop();
            }
        }
    }

    @Test
    void tailAndWriter_brokerComesBack_goOn() throws Exception {
        EmbeddedBroker before = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, 0));
        Cluster cluster = new Cluster(new Broker.InJvm(before), "tail");
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger caughtUp = new AtomicInteger();
        Disposable tail = Tail.follow(cluster.kafka, List.of(cluster.input, cluster.output))
                .subscribe(chunk -> {
                    seen.addAndGet(chunk.records().size());
                    caughtUp.addAndGet(chunk.caughtUp() && chunk.records().isEmpty() ? 1 : 0);
                });
        try (KafkaWriter writer = new KafkaWriter(cluster.kafka, "writer", KafkaWriter.SHORT)) {
            // Empty topics are caught up with at once, and that is told once.
            Cluster.await("caught up", Duration.ofSeconds(20), () -> caughtUp.get() == 1);
            writer.write(List.of(new ProducerRecord<>(cluster.input, 0, null, new byte[5 << 20])))
                    .block(Duration.ofSeconds(20));
            Cluster.await("seen", Duration.ofSeconds(20), () -> seen.get() == 1);
            before.close();
            try (EmbeddedBroker after = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, before.port()))) {
                assertThat(after.port()).isEqualTo(before.port());
                writer.write(List.of(new ProducerRecord<>(cluster.input, 1, null, new byte[1])))
                        .block(Duration.ofSeconds(20));
                Cluster.await("seen again", Duration.ofSeconds(20), () -> seen.get() == 2);
                tail.dispose();
            }
        }
    }
}
