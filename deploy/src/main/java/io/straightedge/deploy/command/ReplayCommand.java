package io.straightedge.deploy.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.ingest.replay.Replay;
import io.straightedge.ingest.replay.ReplayOptions;
import io.straightedge.ingest.stream.EventSender;
import io.straightedge.ingest.stream.Player;
import io.straightedge.ingest.timeline.Pace;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.KafkaWriter;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.run.ParameterCount;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.scheduler.Schedulers;

/** Sends files of curves as training events. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Sends CSV files of loss curves to Kafka as training events, as if the runs went on now.",
            "",
            "Columns, in any order: family,run,params,step,tokens,flops,lr,loss,split. Empty is unknown, nan is NaN; .csv.gz"
                    + " is read too. Runs are interleaved by a time column where there is one, else by the fraction of"
                    + " their steps. The last step in the file is sent as the plan.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge replay curves.csv --study olmo     to 127.0.0.1:9092, at full speed",
            "  straightedge replay curves.csv --fraction 0.5   the first half of each run",
            "  straightedge replay curves.csv --speed 60       a timeline minute in a second",
            "  straightedge replay a.csv b.csv.gz -b kafka1:9092 --budget 1e22 --budget 1e24"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final String LOCAL = "127.0.0.1:9092";

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV files; all their runs become one study.")
    private List<Path> files = List.of();

    @Option(
            names = "--study",
            paramLabel = "NAME",
            description = "Name of the study. Default: the family, else the first file's name.")
    private @Nullable String study;

    @Option(
            names = "--fraction",
            paramLabel = "F",
            defaultValue = "1",
            description = "Replay only this first part of each run's steps, above 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double fraction;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "0",
            description = "Timeline seconds per second: 1 is real time; without times in the file a whole replay is 60"
                    + " timeline seconds. 0: as fast as it goes. Default: ${DEFAULT-VALUE}.")
    private double speed;

    @Option(
            names = "--budget",
            paramLabel = "FLOPS",
            description = "A compute budget to recommend for; may be given several times.")
    private List<Double> budgets = List.of();

    @Option(names = "--primary-split", paramLabel = "SPLIT", description = "The split that feeds the law.")
    private @Nullable String primarySplit;

    @Option(
            names = "--params-count",
            paramLabel = "WHAT",
            description = "What the params column counts: ${COMPLETION-CANDIDATES}.")
    private @Nullable ParameterCount paramsCount;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws Exception {
        ReplayOptions options = new ReplayOptions(study, fraction, budgets, primarySplit, paramsCount);
        Pace pace = new Pace(speed);
        Replay replay = Replay.of(files, options);
        KafkaSettings settings = kafka.named() ? kafka.settings() : KafkaSettings.of(LOCAL);
        int partitions = TopicSetup.partitions(settings);
        Long sent;
        try (KafkaWriter writer = new KafkaWriter(settings, "straightedge-replay", KafkaWriter.LONG);
                Progress progress = Progress.of("events", replay.total(), !output.json)) {
            EventSender sender = new EventSender(writer, partitions, new SimpleMeterRegistry());
            sent = sender.send(new Player(pace, Schedulers.parallel()).play(replay.events()))
                    .doOnNext(progress::reached)
                    .blockLast();
        }
        long events = sent == null ? 0 : sent;
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("study", replay.study());
        done.put("runs", replay.runs());
        done.put("events", events);
        output.say(
                done, String.format("sent %,d events of %d runs as study %s", events, replay.runs(), replay.study()));
        return 0;
    }
}
