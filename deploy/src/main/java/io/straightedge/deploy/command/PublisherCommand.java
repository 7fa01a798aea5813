package io.straightedge.deploy.command;

import io.straightedge.deploy.node.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The publisher, as a process of its own. */
@Command(
        name = "publisher",
        mixinStandardHelpOptions = true,
        description = {
            "Turns the estimates on a Kafka cluster into predictions, recommendations, alerts and the page, until Ctrl-C.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge publisher -b kafka1:9092,kafka2:9092 --http-port 8080",
            "  straightedge publisher -b kafka1:9092 --rules rules.yaml",
            "  KAFKA_SASL_JAAS_CONFIG_FILE=/run/secrets/jaas straightedge publisher --kafka-config client.properties"
        })
final class PublisherCommand implements Callable<Integer> {

    @Mixin
    private StageOptions options;

    @Mixin
    private AlertOptions alerts;

    @Override
    public Integer call() throws Exception {
        return options.run(Stage.PUBLISHER, alerts.alerting());
    }
}
