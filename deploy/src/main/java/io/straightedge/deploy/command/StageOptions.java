package io.straightedge.deploy.command;

import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.node.Alerting;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** One stage as a process of its own, on a cluster. */
final class StageOptions {

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private TopicOptions topics;

    @Mixin
    private HttpOptions http;

    @Mixin
    private OutputOptions output;

    /** Runs the stage until it is stopped; the exit code. */
    int run(Stage stage) throws IOException {
        return run(stage, Alerting.DEFAULT);
    }

    /** The same with rules of alerting. */
    int run(Stage stage, Alerting alerting) throws IOException {
        return Running.run(
                new NodeOptions(
                        Set.of(stage),
                        kafka.settings(),
                        EmbeddedBroker.Options.temporary(),
                        http.door(),
                        topics.partitions,
                        topics.replication,
                        topics.protocol,
                        NodeOptions.defaultLocks(),
                        alerting),
                stage.name().toLowerCase(Locale.ROOT),
                output);
    }
}
