package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.Item;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Names;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says what one source's items mean: names its runs, and turns configuration into manifests. A source is a file with those
 * that rotation made of it, or a directory of event files. Not thread-safe.
 *
 * <p>A manifest goes out before a run's first loss and when it changes. Attempts are not numbered: the fitter sees a restart
 * by steps that go back, for each split, while a number would make it drop what files side by side still say of the attempt
 * before.
 */
final class RunTeller {

    private static final String NUMBERED = "#";

    private final String study;
    private final String base;
    private final boolean prefixed;
    private final ManifestSource derived;
    private final GivenManifests given;
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private Map<String, String> beside = Map.of();
    private @Nullable Run latest;
    private int ordinal = 1;

    /**
     * A teller for one source.
     *
     * @param base name of the only run, and of numbered ones before their number
     * @param prefixed whether names that the file itself gives are put behind {@code base}, as other files may give the same
     */
    RunTeller(String study, String base, boolean prefixed, ManifestSource derived, GivenManifests given) {
        this.study = study;
        this.base = base;
        this.prefixed = prefixed;
        this.derived = derived;
        this.given = given;
    }

    /** One run as far as it was told. */
    static final class Run {
        private final String name;
        private final Map<String, String> configuration = new TreeMap<>();
        private long lastStep = Long.MIN_VALUE;
        private @Nullable RunManifest manifest;
        private @Nullable String told;
        private boolean begun;
        private boolean tokensSeen;
        private boolean samplesSeen;

        /** What is wrong with the configuration, of which then nothing is taken. */
        private @Nullable String problem;

        private @Nullable Double lastLoss;

        private Run(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        /** Highest step; {@link Long#MIN_VALUE} before the first. */
        long lastStep() {
            return lastStep;
        }

        @Nullable
        Double lastLoss() {
            return lastLoss;
        }
    }

    /** The manifests that were sent earlier, as digests. */
    void told(Map<String, String> digests) {
        digests.forEach((run, digest) -> runs.computeIfAbsent(run, Run::new).told = digest);
    }

    /** Configuration that stands beside the source, and is all runs'; what the source itself says wins. */
    void beside(Map<String, String> configuration) {
        beside = configuration;
        runs.values().forEach(run -> run.manifest = null);
    }

    /** The runs so far, in the order in which they appeared. */
    Collection<Run> runs() {
        return runs.values();
    }

    /** The run of the last loss; null before the first. */
    @Nullable
    Run latest() {
        return latest;
    }

    /** Another file of the source begins, about which nothing was remembered. */
    Part part() {
        return new Part(ordinal);
    }

    /** A file of the source that was read before: its runs are numbered as they were then. */
    Part part(int firstOrdinal) {
        return new Part(firstOrdinal);
    }

    /** Gives the manifests that changed without a loss since. */
    void settle(Consumer<? super TrainingEvent> events) {
        runs.values().stream().filter(run -> run.begun).forEach(run -> tellManifest(run, events));
    }

    /** The options that would say what neither the files nor the manifest say of a run; null when nothing is missing. */
    @Nullable
    String missing(Run run) {
        RunManifest manifest = manifest(run);
        if (run.problem != null) {
            return "nothing is taken from its configuration: " + run.problem;
        }
        List<String> options = new ArrayList<>();
        if (!run.tokensSeen && manifest.tokensPerStep() == null) {
            options.add(run.samplesSeen ? "--sequence-length" : "--tokens-per-step (batch size times sequence length)");
        }
        if (manifest.plannedSteps() == null && manifest.plannedTokens() == null) {
            options.add("--planned-steps");
        }
        if (manifest.params() == null) {
            options.add("--params");
        }
        return !run.begun || options.isEmpty()
                ? null
                : "not known of this run: give " + String.join(", ", options) + " or --manifest";
    }

    /** What a manifest is told apart by. */
    static String digest(RunManifest manifest) {
        return Digests.of(Json.write(manifest)).substring(0, 16);
    }

    private RunManifest manifest(Run run) {
        RunManifest known = run.manifest;
        if (known == null) {
            known = given.over(derived(run));
            run.manifest = known;
        }
        return known;
    }

    private RunManifest derived(Run run) {
        try {
            run.problem = null;
            Map<String, String> all = new TreeMap<>(beside);
            all.putAll(run.configuration);
            all.putAll(given.settings(run.name));
            return derived.manifest(study, run.name, all);
        } catch (IllegalArgumentException e) {
            run.problem = e.getMessage();
            return RunManifest.of(study, run.name, null, null, null, null);
        }
    }

    private void tellManifest(Run run, Consumer<? super TrainingEvent> events) {
        RunManifest manifest = manifest(run);
        String digest = digest(manifest);
        boolean empty = manifest.equals(RunManifest.of(study, run.name, null, null, null, null));
        if (!digest.equals(run.told) && !(empty && run.told == null)) {
            run.told = digest;
            events.accept(manifest);
        }
    }

    /** One file of the source. */
    final class Part {
        private final int firstOrdinal;

        private Part(int firstOrdinal) {
            this.firstOrdinal = firstOrdinal;
        }

        int firstOrdinal() {
            return firstOrdinal;
        }

        /**
         * Takes one item.
         *
         * @param already whether what it says was sent before: it is taken in, and nothing is given
         * @throws IllegalArgumentException for a loss that is none, such as one at a negative step
         */
        void tell(Item item, boolean already, Consumer<? super TrainingEvent> events) {
            Run run = runs.computeIfAbsent(name(item.run()), Run::new);
            if (item instanceof Item.Config config) {
                run.configuration.putAll(config.values());
                run.manifest = null;
            } else if (item instanceof Item.Restart restart) {
                run.lastStep = Math.min(run.lastStep, restart.step() - 1);
            } else if (item instanceof Item.Point point) {
                tellPoint(run, point, already, events);
            } else if (item instanceof Item.End end && !already) {
                tellManifest(run, events);
                events.accept(new RunEnd(study, run.name, end.outcome(), null, end.time()));
            }
        }

        private void tellPoint(Run run, Item.Point point, boolean already, Consumer<? super TrainingEvent> events) {
            LossObservation loss = observation(run, point);
            run.begun = true;
            latest = run;
            run.tokensSeen |= loss.tokens() != null;
            run.samplesSeen |= point.samples() != null;
            run.lastStep = Math.max(run.lastStep, point.step());
            run.lastLoss = point.loss();
            if (!already) {
                tellManifest(run, events);
                events.accept(loss);
            }
        }

        private LossObservation observation(Run run, Item.Point point) {
            Double lr = point.lr();
            return new LossObservation(
                    study,
                    run.name,
                    point.step(),
                    tokens(run, point),
                    point.loss(),
                    point.split(),
                    lr,
                    point.gradNorm(),
                    point.nanIterations(),
                    point.time(),
                    null);
        }

        private @Nullable Double tokens(Run run, Item.Point point) {
            Double tokens = point.tokens();
            Double samples = point.samples();
            if (tokens == null && samples != null) {
                Integer sequenceLength = manifest(run).sequenceLength();
                tokens = sequenceLength == null ? null : Double.valueOf(samples * sequenceLength);
            }
            return tokens != null && tokens >= 0 && Double.isFinite(tokens) ? tokens : null;
        }

        private String name(@Nullable String inFile) {
            if (inFile == null || inFile.startsWith(NUMBERED)) {
                int number = inFile == null ? 1 : number(inFile);
                if (number > 0) {
                    int mine = firstOrdinal + number - 1;
                    ordinal = Math.max(ordinal, mine);
                    return shortened(mine == 1 ? base : base + NUMBERED + mine);
                }
            }
            return shortened(prefixed ? base + "/" + inFile : String.valueOf(inFile));
        }
    }

    private static int number(String inFile) {
        try {
            return Integer.parseInt(inFile.substring(1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** A name that is allowed: the end of one that is too long, as that tells files apart. */
    static String shortened(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        String last = plain.length() <= Names.MAX_LENGTH ? plain : plain.substring(plain.length() - Names.MAX_LENGTH);
        return last.isBlank() ? "run" : last;
    }
}
