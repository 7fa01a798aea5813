package io.straightedge.deploy.command;

import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.demo.Demonstration;
import io.straightedge.deploy.demo.Report;
import io.straightedge.deploy.node.Alerting;
import io.straightedge.deploy.node.Node;
import io.straightedge.deploy.node.NodeOptions;
import io.straightedge.deploy.node.Stage;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.ExactlyOnce;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The demonstration. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a ladder of simulated training runs through a real broker and all stages, and shows them on a page.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge demo                      then open the page that it names",
            "  straightedge demo --seconds 600        slower",
            "  straightedge demo --data ./demo-data   started again, it goes on where it was",
            "  straightedge demo --headless --json    at full speed; exit code 1 if a check fails"
        })
final class DemoCommand implements Callable<Integer> {

    /** Fewer than an installation has: the broker syncs a file for each before it can be used. */
    private static final int PARTITIONS = 4;

    @Option(
            names = "--headless",
            description = "Play as fast as it goes, compare what comes out with the truth, print that and exit.")
    private boolean headless;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description =
                    "How long the live part of the ladder takes; 0 for as fast as it goes. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the simulation. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder that keeps the broker's data between starts. Default: a temporary one, deleted at the end.")
    private @Nullable Path data;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the broker on 127.0.0.1; 0 for any. Default: ${DEFAULT-VALUE}.")
    private int kafkaPort;

    @Mixin
    private HttpOptions http;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws Exception {
        long began = System.nanoTime();
        if (headless) {
            http.port = 0;
        }
        Node node = Node.start(new NodeOptions(
                EnumSet.allOf(Stage.class),
                null,
                new EmbeddedBroker.Options(data, kafkaPort),
                http.door(),
                PARTITIONS,
                (short) 1,
                ExactlyOnce.Protocol.CONSUMER,
                NodeOptions.defaultLocks(),
                Alerting.DEFAULT));
        Running.closeOnSignal(node);
        Demonstration demonstration =
                Objects.requireNonNull(Demonstration.prepare(node, seed).block());
        return headless ? judge(node, demonstration, began) : show(node, demonstration);
    }

    private int judge(Node node, Demonstration demonstration, long began) {
        try (Progress progress = Progress.of("events", demonstration.total(), !output.json)) {
            demonstration.play(0).doOnNext(progress::reached).blockLast();
        }
        Report report = Objects.requireNonNull(
                demonstration.judge(() -> (System.nanoTime() - began) / 1e9).block());
        System.out.println(
                output.json ? new String(Json.write(report), StandardCharsets.UTF_8) : ReportText.of(report));
        node.close();
        return report.ok() ? 0 : 1;
    }

    private int show(Node node, Demonstration demonstration) {
        output.say(
                Map.of(
                        "started",
                        "demo",
                        "url",
                        node.url(),
                        "bootstrapServers",
                        node.kafka().bootstrapServers()),
                "Straightedge is watching a ladder of simulated runs: open " + node.url() + "\n"
                        + (demonstration.goesOn() ? "Going on where the last demo on this data stopped. " : "")
                        + "Ctrl-C stops.");
        try (Progress progress = Progress.of("events", demonstration.total(), !output.json)) {
            demonstration
                    .play(seconds)
                    .doOnNext(progress::reached)
                    .onErrorComplete(failure -> node.closing())
                    .blockLast();
        }
        if (node.closing()) {
            return 0;
        }
        output.say(Map.of("played", true), "All runs have ended. The page stays until Ctrl-C.");
        return Running.untilStopped(node);
    }
}
