package io.straightedge.deploy.command;

import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a node until a person stops the process, or a part of it dies. */
final class Running {

    private Running() {}

    /** The exit code when a part has died; a signal ends the process by way of the shutdown hook. */
    static int run(NodeOptions options, String what, OutputOptions output) throws IOException {
        Node node = Node.start(options);
        closeOnSignal(node);
        Map<String, Object> started = new LinkedHashMap<>();
        started.put("started", what);
        started.put("url", node.url());
        started.put("bootstrapServers", node.kafka().bootstrapServers());
        output.say(
                started,
                what + " running: page and API on " + node.url() + ", Kafka on "
                        + node.kafka().bootstrapServers() + "; Ctrl-C stops");
        return untilStopped(node);
    }

    static int untilStopped(Node node) {
        try {
            node.failed().block();
            return 0;
        } catch (RuntimeException e) {
            System.err.println("straightedge: " + Failures.message(e));
            return 1;
        }
    }

    /** Closes the node when the process is told to stop. */
    static void closeOnSignal(Node node) {
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "straightedge-stop"));
    }
}
