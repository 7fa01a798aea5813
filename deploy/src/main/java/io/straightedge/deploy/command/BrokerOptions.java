package io.straightedge.deploy.command;

import io.straightedge.deploy.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The broker inside. */
final class BrokerOptions {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder in which the embedded broker keeps everything between starts. Default: a temporary one,"
                            + " deleted at the end.")
    @Nullable
    Path data;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port of the embedded broker on 127.0.0.1; 0 for any. Default: ${DEFAULT-VALUE}.")
    int port;

    EmbeddedBroker.Options options() {
        return new EmbeddedBroker.Options(data, port);
    }
}
