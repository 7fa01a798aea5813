package io.straightedge.deploy.command;

import io.straightedge.protocol.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Kafka is. */
final class KafkaOptions {

    @Option(
            names = {"-b", "--bootstrap-servers"},
            paramLabel = "HOST:PORT[,...]",
            description = "Kafka cluster to use.")
    @Nullable
    String bootstrapServers;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file with settings for Kafka's clients (security.protocol, sasl.*, ssl.*). KAFKA_*"
                            + " variables work too; KAFKA_..._FILE reads the value from a file.")
    @Nullable
    Path config;

    /** Whether a cluster was named. */
    boolean named() {
        return bootstrapServers != null || config != null || System.getenv("KAFKA_BOOTSTRAP_SERVERS") != null;
    }

    /** Settings of the named cluster. */
    KafkaSettings settings() throws IOException {
        if (!named()) {
            throw new IllegalArgumentException(
                    "no Kafka cluster: give --bootstrap-servers HOST:PORT (straightedge up runs one on port 9092)");
        }
        return KafkaSettings.read(bootstrapServers, config, System.getenv());
    }
}
