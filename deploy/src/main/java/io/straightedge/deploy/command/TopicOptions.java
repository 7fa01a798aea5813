package io.straightedge.deploy.command;

import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.Topics;
import picocli.CommandLine.Option;

/** How a process uses the topics. */
final class TopicOptions {

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "" + Topics.DEFAULT_PARTITIONS,
            description = "Partitions of every topic; fixed when the topics are created. Default: ${DEFAULT-VALUE}.")
    int partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "1",
            description = "Replicas of every topic that is created; use 3 on a cluster. Default: ${DEFAULT-VALUE}.")
    short replication;

    @Option(
            names = "--group-protocol",
            paramLabel = "PROTOCOL",
            defaultValue = "consumer",
            description = "Kafka's group protocol: consumer or classic. Default: ${DEFAULT-VALUE}.")
    ExactlyOnce.Protocol protocol;
}
