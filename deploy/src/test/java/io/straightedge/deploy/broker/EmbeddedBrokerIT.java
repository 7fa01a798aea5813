package io.straightedge.deploy.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.kafka.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EmbeddedBrokerIT {

    @TempDir
    Path folder;

    @Test
    void start_onTheSameFolderAgain_keepsClusterAndTopics() throws Exception {
        EmbeddedBroker.Options options = new EmbeddedBroker.Options(folder, 0);
        String cluster;
        long began = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            report("first start", began);
            began = System.nanoTime();
            TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), 12, (short) 1);
            report("12 topics of 12 partitions", began);
            began = System.nanoTime();
            TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), 12, (short) 1);
            report("finding them there", began);
            cluster = clusterOf(broker);
            began = System.nanoTime();
        }
        report("stop", began);

        began = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            report("second start", began);
            assertThat(clusterOf(broker)).isEqualTo(cluster);
            try (Admin admin = admin(broker)) {
                Map<String, TopicDescription> topics =
                        admin.describeTopics(Topics.all()).allTopicNames().get();
                assertThat(topics.values())
                        .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(12));
            }
            assertThatThrownBy(() -> TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), 6, (short) 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must have 6 partitions")
                    .hasMessageContaining("training-events has 12")
                    .hasMessageContaining("replay");
        }
    }

    @Test
    void start_folderInUse_saysSo() {
        EmbeddedBroker.Options options = new EmbeddedBroker.Options(folder, 0);
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            assertThat(broker.port()).isPositive();
            assertThatThrownBy(() -> EmbeddedBroker.start(options))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another straightedge process is using " + folder);
        }
    }

    @Test
    void start_portInUse_saysSoAndLetsGoOfTheFolder() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(new EmbeddedBroker.Options(folder, taken.getLocalPort())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
        }
        EmbeddedBroker.start(new EmbeddedBroker.Options(folder, 0)).close();
    }

    @Test
    void start_afterKill_takesTheFolderUpAgain() throws Exception {
        Process first = child(folder);
        String cluster = clusterOf(first);
        first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(first.isAlive()).isFalse();

        long began = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBroker.Options(folder, 0))) {
            report("start after kill -9", began);
            assertThat(clusterOf(broker)).isEqualTo(cluster);
        }
    }

    @Test
    void close_temporary_deletesTheFolder() {
        EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Options.temporary());
        Path path = broker.folder();
        assertThat(path).isDirectory();
        broker.close();
        assertThat(Files.exists(path)).isFalse();
    }

    /** Runs a broker until it is killed; prints its cluster's id when it is up. */
    public static void main(String[] arguments) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBroker.Options(Path.of(arguments[0]), 0));
        System.out.println("cluster " + clusterOf(broker));
        Thread.currentThread().join();
    }

    private static Process child(Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedBrokerIT.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String clusterOf(Process child) throws IOException {
        return child.inputReader()
                .lines()
                .filter(line -> line.startsWith("cluster "))
                .findFirst()
                .orElseThrow()
                .substring("cluster ".length());
    }

    private static String clusterOf(EmbeddedBroker broker) throws Exception {
        try (Admin admin = admin(broker)) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static void report(String what, long beganNanos) {
        System.out.println(what + ": " + (System.nanoTime() - beganNanos) / 1_000_000 + " ms");
    }
}
