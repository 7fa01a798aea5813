package io.straightedge.deploy.command;

import io.straightedge.deploy.node.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The ways in, as a process of their own. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {"Takes in training events over HTTP and writes them to a Kafka cluster, until Ctrl-C.", ""},
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge ingest -b kafka1:9092,kafka2:9092 --http-port 8081",
            "  KAFKA_SASL_JAAS_CONFIG_FILE=/run/secrets/jaas straightedge ingest --kafka-config client.properties"
        })
final class IngestCommand implements Callable<Integer> {

    @Mixin
    private StageOptions options;

    @Override
    public Integer call() throws Exception {
        return options.run(Stage.INGEST);
    }
}
