package io.straightedge.deploy.command;

import io.straightedge.deploy.watch.KafkaOutlet;
import io.straightedge.deploy.watch.Watcher;
import io.straightedge.ingest.manifest.ManifestFacts;
import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.watch.FollowOptions;
import io.straightedge.ingest.watch.Follower;
import io.straightedge.ingest.watch.Formats;
import io.straightedge.ingest.watch.HttpOutlet;
import io.straightedge.ingest.watch.ManifestSource;
import io.straightedge.ingest.watch.Outlet;
import io.straightedge.ingest.watch.Stop;
import io.straightedge.ingest.watch.WatcherId;
import io.straightedge.protocol.kafka.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows the files that training jobs write. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Follows the logs of training jobs as they grow, and sends their losses to Kafka or a gateway.",
            "",
            "Files are recognised by what they hold. It is remembered how far each was sent, so that a restart neither loses"
                    + " nor repeats a loss; rotated and packed files are known again. --dry-run shows what would be sent.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, with --once or --dry-run",
            "1:failed, or there was nothing to read; the message says why",
            "2:the command line is wrong",
            "130:stopped with Ctrl-C (143: with SIGTERM); goes on from there when started again"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge watch runs/ --dry-run            what would be sent; no Kafka",
            "  straightedge watch runs/ --study ladder       to Kafka on 127.0.0.1:9092",
            "  straightedge watch train.log --run 7b --tokens-per-step 4M --params 7B",
            "  straightedge watch my.log --pattern 'it (?<step>\\d+) .* loss (?<loss>\\S+)'",
            "  straightedge watch runs/ --manifest runs.yaml --planned-steps 250k",
            "  straightedge watch runs/ --schedule cosine:warmup=2000,peak=3e-4,final=3e-5",
            "  straightedge watch runs/ --to https://gateway:8443   with STRAIGHTEDGE_TOKEN",
            "  straightedge watch old-runs/ --once -b kafka1:9092   send and end"
        })
final class WatchCommand implements Callable<Integer> {

    private static final String LOCAL = "127.0.0.1:9092";
    private static final int LISTED = 20;
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);

    private final List<Format> formats;
    private final ManifestSource derived;

    @Mixin
    private SourceChoices sources;

    @Mixin
    private ManifestOptions manifests;

    @Option(names = "--once", description = "Send what is there, and end.")
    private boolean once;

    @Option(names = "--dry-run", description = "Say what would be sent, and send nothing.")
    private boolean dryRun;

    @Option(
            names = "--poll",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Look at the files so often. Default: ${DEFAULT-VALUE}.")
    private double pollSeconds;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "Under which it is remembered how far files were sent; no two watchers may share one. Default: from"
                            + " this machine's name, the directories and how their files are read.")
    private @Nullable String id;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private GatewayOptions gateway;

    @Mixin
    private OutputOptions output;

    /** With all formats that are known, and what can be derived from configurations. */
    WatchCommand() {
        this(
                Formats.ALL,
                (study, run, configuration) -> ManifestFacts.from(configuration).manifest(study, run, null));
    }

    WatchCommand(List<Format> formats, ManifestSource derived) {
        this.formats = List.copyOf(formats);
        this.derived = derived;
    }

    @Override
    public Integer call() throws Exception {
        FollowOptions options = sources.options(formats, derived, manifests.manifests());
        if (!(pollSeconds >= 0.01 && pollSeconds <= 3600)) {
            throw new IllegalArgumentException("--poll is " + pollSeconds + ": it must be 0.01 to 3600 seconds");
        }
        if (dryRun) {
            Follower follower = new Follower(options, true, List.of(), System.err::println);
            if (!new DryRun().print(follower, output)) {
                throw new IllegalStateException(nothing(options, follower));
            }
            return 0;
        }
        if (gateway.url != null && kafka.bootstrapServers != null) {
            throw new IllegalArgumentException("give --to or --bootstrap-servers, not both");
        }
        return watch(options);
    }

    private int watch(FollowOptions options) throws Exception {
        WatchView view = new WatchView(output);
        Stop stop = new Stop();
        CountDownLatch ended = stopOnSignal(stop);
        try (Outlet outlet = outlet(stop, view)) {
            Follower follower = new Follower(options, once, outlet.load(), view::notice);
            Watcher watcher =
                    new Watcher(follower, outlet, stop, followed -> view.show(followed, System.currentTimeMillis()));
            output.say(
                    Map.of(
                            "watching",
                            options.roots().stream().map(Object::toString).toList(),
                            "id",
                            id()),
                    "watching " + said(options) + (once ? "" : "; Ctrl-C stops"));
            if (once) {
                watcher.once();
                return sentOnce(options, follower, watcher);
            }
            follower.look();
            if (follower.followed().isEmpty()) {
                view.notice(nothing(options, follower) + "; waiting");
            }
            try {
                watcher.follow(Duration.ofMillis((long) (pollSeconds * 1000)));
            } finally {
                if (stop.asked()) {
                    sent(follower, watcher, "stopped: sent");
                }
            }
            return 0;
        } catch (InterruptedException e) {
            if (!stop.asked()) {
                throw e;
            }
            return 0;
        } finally {
            ended.countDown();
        }
    }

    private int sentOnce(FollowOptions options, Follower follower, Watcher watcher) {
        if (follower.followed().isEmpty()) {
            throw new IllegalStateException(nothing(options, follower));
        }
        sent(follower, watcher, "sent");
        return 0;
    }

    private void sent(Follower follower, Watcher watcher, String how) {
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("sources", follower.followed().size());
        done.put("events", watcher.sent());
        output.say(
                done,
                String.format(
                        Locale.ROOT,
                        "%s %,d events of %d sources",
                        how,
                        watcher.sent(),
                        follower.followed().size()));
    }

    private Outlet outlet(Stop stop, WatchView view) throws IOException {
        if (gateway.url != null) {
            String name = WatcherId.of(id(), List.of(gateway.url.toString()));
            return new HttpOutlet(gateway.url, gateway.token(), gateway.state(name), stop, view::notice);
        }
        KafkaSettings settings = kafka.named() ? kafka.settings() : KafkaSettings.of(LOCAL);
        return new KafkaOutlet(settings, id(), stop, view::notice);
    }

    private String id() {
        return id == null ? WatcherId.of(host(), sources.said()) : WatcherId.checked(id);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "host" : name;
        }
    }

    private static String said(FollowOptions options) {
        return options.roots().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static String nothing(FollowOptions options, Follower follower) {
        Map<String, String> looked = follower.unrecognised();
        if (looked.isEmpty()) {
            return "there is no file to read in " + said(options);
        }
        return "no file was recognised:"
                + looked.entrySet().stream()
                        .limit(LISTED)
                        .map(entry -> System.lineSeparator() + "  " + entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining())
                + (looked.size() > LISTED ? System.lineSeparator() + "  and " + (looked.size() - LISTED) + " more" : "")
                + System.lineSeparator() + "name the format with --format, or your log lines with --pattern";
    }

    /** Lets what is under way end before the process does. */
    private static CountDownLatch stopOnSignal(Stop stop) {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.now();
                            try {
                                boolean unused = ended.await(STOPPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "straightedge-stop"));
        return ended;
    }
}
