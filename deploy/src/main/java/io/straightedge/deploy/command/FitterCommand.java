package io.straightedge.deploy.command;

import io.straightedge.deploy.node.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The fitter, as a process of its own. */
@Command(
        name = "fitter",
        mixinStandardHelpOptions = true,
        description = {
            "Fits curves and laws to the events of a Kafka cluster, until Ctrl-C. Start more of them to share the studies.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge fitter -b kafka1:9092,kafka2:9092 --http-port 8082",
            "  KAFKA_SASL_JAAS_CONFIG_FILE=/run/secrets/jaas straightedge fitter --kafka-config client.properties"
        })
final class FitterCommand implements Callable<Integer> {

    @Mixin
    private StageOptions options;

    @Override
    public Integer call() throws Exception {
        return options.run(Stage.FITTER);
    }
}
