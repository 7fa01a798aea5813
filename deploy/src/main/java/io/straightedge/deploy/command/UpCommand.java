package io.straightedge.deploy.command;

import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All stages in one process. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {"Runs all stages and the page, on an embedded broker or on a cluster, until Ctrl-C.", ""},
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge up --data ./straightedge-data      keep everything between starts",
            "  straightedge up --rules rules.yaml --page https://straightedge.example.org",
            "  straightedge up -b kafka1:9092,kafka2:9092 --replication 3",
            "  straightedge up --http-host 0.0.0.0 --tokens tokens --tls-cert cert.pem --tls-key key.pem",
            "  curl -d '{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":1,\"loss\":10.8}' localhost:8080/v1/events"
        })
final class UpCommand implements Callable<Integer> {

    @Option(names = "--embedded", description = "Run a broker inside; what happens anyway when no cluster is named.")
    private boolean embedded;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private TopicOptions topics;

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private HttpOptions http;

    @Mixin
    private AlertOptions alerts;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws Exception {
        if (embedded && kafka.bootstrapServers != null) {
            throw new IllegalArgumentException("--embedded and --bootstrap-servers exclude each other");
        }
        boolean inside = embedded || !kafka.named();
        return Running.run(
                new NodeOptions(
                        EnumSet.allOf(Stage.class),
                        inside ? null : kafka.settings(),
                        broker.options(),
                        http.door(),
                        topics.partitions,
                        topics.replication,
                        topics.protocol,
                        NodeOptions.defaultLocks(),
                        alerts.alerting()),
                "all stages",
                output);
    }
}
