package io.straightedge.ingest.history;

import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One split of a finished run: its manifest as a job would have sent it, and its losses in the file's order.
 *
 * @param source where it comes from: runs of one source are comparable
 * @param group what it shares with its nearest kin, the model's size where it is known
 * @param size the model's size in parameters, or a number that grows with it; null when nothing tells it
 * @param evaluated the evaluated final loss; null when none is told
 * @param origin where it was read; null for one that was made
 */
public record PastRun(
        String source,
        String split,
        String family,
        String group,
        @Nullable Double size,
        RunManifest manifest,
        List<LossObservation> losses,
        @Nullable Double evaluated,
        @Nullable Origin origin) {

    /**
     * Where a run was read.
     *
     * @param run what the file calls it, which need not be its name in the study
     */
    public record Origin(Path file, String run) {}

    private static final double TAIL_FROM = .98;

    public PastRun {
        losses = List.copyOf(losses);
    }

    /** One that no file holds. */
    public PastRun(
            String source,
            String split,
            String family,
            String group,
            @Nullable Double size,
            RunManifest manifest,
            List<LossObservation> losses,
            @Nullable Double evaluated) {
        this(source, split, family, group, size, manifest, losses, evaluated, null);
    }

    /** Its name, unique in its study. */
    public String name() {
        return manifest.run();
    }

    /** The study that it belongs to: one of its source and split. */
    public String study() {
        return manifest.study();
    }

    /** Steps at the planned end. */
    public long plannedSteps() {
        Long steps = manifest.stepsAtEnd();
        if (steps == null) {
            throw new IllegalStateException("a past run has a plan");
        }
        return steps;
    }

    /**
     * Its losses of the last attempt, with what that kept of those before: indices into {@link #losses}, rising steps.
     */
    public int[] lastAttempt() {
        return LastAttempt.of(losses);
    }

    /** The final loss; NaN when no observation tells it. */
    public double truth(Truth truth) {
        if (truth == Truth.EVALUATED && evaluated != null) {
            return evaluated;
        }
        int[] kept = lastAttempt();
        double last = Double.NaN;
        double sum = 0;
        int n = 0;
        long end = kept.length == 0 ? 0 : losses.get(kept[kept.length - 1]).step();
        for (int i : kept) {
            Double loss = losses.get(i).loss();
            if (loss != null && Double.isFinite(loss)) {
                last = loss;
                if (losses.get(i).step() > TAIL_FROM * end) {
                    sum += loss;
                    n++;
                }
            }
        }
        return truth == Truth.EVALUATED || n == 0 ? last : sum / n;
    }

    /** The last event; it tells the final loss where that is an evaluated one. */
    public RunEnd end(Truth truth) {
        double told = truth == Truth.EVALUATED ? truth(truth) : Double.NaN;
        return new RunEnd(study(), name(), Outcome.FINISHED, Double.isFinite(told) ? told : null, null);
    }

    /** The same run as one of another study. */
    public PastRun in(String study) {
        return study.equals(study()) ? this : moved(study, name());
    }

    /** The same run as one that sees the data in the order of that id. */
    public PastRun onData(String order) {
        return new PastRun(
                source, split, family, group, size, manifest.withDataOrder(order), losses, evaluated, origin);
    }

    /** The same run under another name. */
    PastRun as(String name) {
        return moved(study(), name);
    }

    /** The same run with other losses. */
    PastRun with(List<LossObservation> others) {
        return new PastRun(source, split, family, group, size, manifest, others, evaluated, origin);
    }

    private PastRun moved(String study, String run) {
        List<LossObservation> moved =
                losses.stream().map(seen -> moved(seen, study, run)).toList();
        return new PastRun(source, split, family, group, size, moved(manifest, study, run), moved, evaluated, origin);
    }

    /** All its events but the last. */
    public Iterable<TrainingEvent> events() {
        return () -> Stream.concat(Stream.<TrainingEvent>of(manifest), losses.stream())
                .iterator();
    }

    private static LossObservation moved(LossObservation seen, String study, String run) {
        return new LossObservation(
                study,
                run,
                seen.step(),
                seen.tokens(),
                seen.loss(),
                seen.split(),
                seen.lr(),
                seen.gradNorm(),
                seen.nanIterations(),
                seen.time(),
                seen.attempt());
    }

    private static RunManifest moved(RunManifest m, String study, String run) {
        return new RunManifest(
                study,
                run,
                m.params(),
                m.paramsCount(),
                m.plannedTokens(),
                m.plannedSteps(),
                m.tokensPerStep(),
                m.schedule(),
                m.flopsPerToken(),
                m.sequenceLength(),
                m.vocabularySize(),
                m.lossReduction(),
                m.dataOrder(),
                m.optimizer(),
                m.hyperparameters(),
                m.plannedEvents(),
                m.attempt(),
                m.labels(),
                m.provenance());
    }
}
