package io.straightedge.deploy.node;

import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.server.Address;
import io.straightedge.deploy.server.DoorOptions;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process is.
 *
 * @param cluster an existing cluster; null to run a broker inside
 * @param broker folder and port of the broker inside; unused with a cluster
 * @param http where to listen, and whom to let in
 * @param partitions of every topic
 * @param replication of topics that are created
 * @param locks folder of the locks that give processes of this machine their names
 * @param alerting of the publisher
 */
public record NodeOptions(
        Set<Stage> stages,
        @Nullable KafkaSettings cluster,
        EmbeddedBroker.Options broker,
        DoorOptions http,
        int partitions,
        short replication,
        ExactlyOnce.Protocol protocol,
        Path locks,
        Alerting alerting) {

    /** For this machine alone, with the built-in rules of alerting. */
    public NodeOptions(
            Set<Stage> stages,
            @Nullable KafkaSettings cluster,
            EmbeddedBroker.Options broker,
            Address http,
            int partitions,
            short replication,
            ExactlyOnce.Protocol protocol,
            Path locks) {
        this(stages, cluster, broker, DoorOptions.at(http), partitions, replication, protocol, locks, Alerting.DEFAULT);
    }

    public NodeOptions {
        stages = Set.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a process without stages has nothing to do");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions is " + partitions + ": at least 1 is needed");
        }
    }

    /** Where locks go when nobody says. */
    public static Path defaultLocks() {
        return Path.of(System.getProperty("java.io.tmpdir"), "straightedge-" + System.getProperty("user.name"));
    }
}
