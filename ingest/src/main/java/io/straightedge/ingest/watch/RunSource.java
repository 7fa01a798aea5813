package io.straightedge.ingest.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.watch.Formats.Recognised;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The files that are read one after the other as if they were one, and what they have told together. Not thread-safe. */
final class RunSource {

    private final String name;
    private final Recognised recognised;
    private final SourceOptions options;
    private final String base;
    private final Supplier<RunTeller> tellers;
    private final Set<String> keys;
    private final Notices notices;
    private final Consumer<SourceFile.Outgoing> outgoing;
    private final List<SourceFile> files = new ArrayList<>();

    /** Run to the digest of the manifest that is stored. */
    private final Map<String, String> told = new HashMap<>();

    private Map<String, String> beside = Map.of();
    private RunTeller teller;

    /**
     * A source without files.
     *
     * @param keys identities that are taken
     * @param outgoing takes the events, in order
     */
    RunSource(
            String name,
            Recognised recognised,
            SourceOptions options,
            String base,
            Supplier<RunTeller> tellers,
            Set<String> keys,
            Notices notices,
            Consumer<SourceFile.Outgoing> outgoing) {
        this.name = name;
        this.recognised = recognised;
        this.options = options;
        this.base = base;
        this.tellers = tellers;
        this.keys = keys;
        this.notices = notices;
        this.outgoing = outgoing;
        this.teller = tellers.get();
    }

    String name() {
        return name;
    }

    String base() {
        return base;
    }

    Notices notices() {
        return notices;
    }

    Consumer<SourceFile.Outgoing> outgoing() {
        return outgoing;
    }

    List<SourceFile> files() {
        return files;
    }

    RunTeller teller() {
        return teller;
    }

    Format format() {
        return recognised.format();
    }

    SourceReader open() {
        return recognised.format().open(options);
    }

    /** Forgets what was told but not what was stored, as everything is about to be read again. */
    void tellAgain() {
        teller = tellers.get();
        teller.told(told);
        teller.beside(beside);
    }

    /** What files beside this one say of its runs. */
    void beside(Map<String, String> configuration) {
        if (!configuration.equals(beside)) {
            beside = configuration;
            teller.beside(configuration);
        }
    }

    /** Manifests that were stored by another process. */
    void told(Map<String, String> digests) {
        told.putAll(digests);
        teller.told(digests);
    }

    /** The event is about to be stored. */
    void stored(TrainingEvent event) {
        if (event instanceof RunManifest manifest) {
            told.put(manifest.run(), RunTeller.digest(manifest));
        }
    }

    Map<String, String> told() {
        return told;
    }

    /** A key for a file of that identity which no other file has. */
    String key(String identity) {
        String first = Digests.of((name + "\n" + identity).getBytes(UTF_8)).substring(0, 24);
        String key = first;
        for (int i = 2; !keys.add(key); i++) {
            key = first + "-" + i;
        }
        return key;
    }

    /** Gives manifests that changed without a loss since; they count as the newest file's. */
    void settle() {
        if (!files.isEmpty()) {
            SourceFile last = files.get(files.size() - 1);
            teller.settle(event -> outgoing.accept(new SourceFile.Outgoing(event, last, last.given(), last.ends())));
        }
    }

    /** How it stands. */
    Followed followed() {
        List<String> runs = new ArrayList<>();
        Map<String, String> missing = new HashMap<>();
        for (RunTeller.Run run : teller.runs()) {
            runs.add(run.name());
            String needed = teller.missing(run);
            if (needed != null) {
                missing.put(run.name(), needed);
            }
        }
        RunTeller.Run latest = teller.latest();
        SourceFile last = files.stream()
                .filter(file -> !file.gone())
                .max(Comparator.comparing(file -> file.found().order()))
                .orElse(files.get(files.size() - 1));
        return new Followed(
                name.contains("*") ? String.valueOf(Path.of(name).getParent()) : name,
                runs,
                recognised.format().name(),
                recognised.because(),
                latest == null ? null : latest.name(),
                latest == null || latest.lastStep() == Long.MIN_VALUE ? null : Long.valueOf(latest.lastStep()),
                latest == null ? null : latest.lastLoss(),
                files.stream().mapToLong(SourceFile::given).sum(),
                files.stream().mapToLong(SourceFile::behindBytes).sum(),
                files.stream().mapToLong(SourceFile::unreadable).sum(),
                files.stream()
                        .mapToLong(file -> file.found().modifiedMillis())
                        .max()
                        .orElse(0),
                last.incomplete(),
                files.stream().allMatch(SourceFile::gone),
                missing);
    }
}
