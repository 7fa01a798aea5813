package io.straightedge.ingest.replay;

import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run: its manifest, its losses up to the wanted fraction, and its end when it is replayed whole.
 *
 * <p>The end names the final loss only where the primary split is an evaluated one: the last train loss is one noisy
 * observation, and the fitted curve knows better.
 */
final class RunReplay {

    private final RunManifest manifest;
    private final List<Row> rows;
    private final int[] chosen;
    private final double[] positions;
    private final boolean whole;
    private final String primarySplit;

    RunReplay(String study, String run, RunHistory history, String primarySplit, ReplayOptions options, boolean timed) {
        this.rows = history.rows();
        this.primarySplit = primarySplit;
        this.whole = options.fraction() == 1;
        double last = options.fraction() * history.lastStep();
        this.chosen = IntStream.range(0, rows.size())
                .filter(i -> rows.get(i).step() <= last)
                .toArray();
        double[] seconds = timed ? history.seconds() : null;
        this.positions = seconds != null ? seconds : history.fractions();
        this.manifest = manifest(study, run, history, options);
    }

    /** How many events there are. */
    int size() {
        return 1 + chosen.length + (whole ? 1 : 0);
    }

    /** Where an event lies: seconds since 1970 with times, else the fraction of the run. */
    double position(int event) {
        if (chosen.length == 0) {
            return positions.length == 0 ? 0 : positions[0];
        }
        int loss = Math.min(Math.max(event - 1, 0), chosen.length - 1);
        return positions[chosen[loss]];
    }

    TrainingEvent event(int event) {
        if (event == 0) {
            return manifest;
        }
        if (event <= chosen.length) {
            return loss(rows.get(chosen[event - 1]));
        }
        Row last = chosen.length == 0 ? null : rows.get(chosen[chosen.length - 1]);
        return new RunEnd(
                manifest.study(), manifest.run(), Outcome.FINISHED, finalLoss(), last == null ? null : last.time());
    }

    private LossObservation loss(Row row) {
        return new LossObservation(
                manifest.study(),
                manifest.run(),
                row.step(),
                row.tokens(),
                row.loss(),
                row.split(),
                row.lr(),
                row.gradNorm(),
                row.nanIterations(),
                row.time(),
                null);
    }

    private @Nullable Double finalLoss() {
        if (primarySplit.startsWith(LossObservation.TRAIN)) {
            return null;
        }
        Double last = null;
        for (Row row : rows) {
            if (row.split().equals(primarySplit) && row.loss() != null && Double.isFinite(row.loss())) {
                last = row.loss();
            }
        }
        return last;
    }

    private static RunManifest manifest(String study, String run, RunHistory history, ReplayOptions options) {
        Map<String, String> provenance = new TreeMap<>();
        provenance.put("plannedSteps", "the file's last step");
        Double tokensPerStep = history.tokensPerStep();
        if (tokensPerStep != null) {
            provenance.put("tokensPerStep", "the median of the file's tokens over step");
        }
        TreeMap<Long, Double> rates = history.learningRates();
        Schedule schedule = null;
        if (!rates.isEmpty()) {
            schedule = ScheduleThinning.of(rates);
            provenance.put("schedule", "the file's learning rates");
        }
        return new RunManifest(
                study,
                run,
                history.params(),
                options.paramsCount(),
                null,
                Math.max(1, history.lastStep()),
                tokensPerStep,
                schedule,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                List.of(),
                null,
                history.family().isEmpty() ? Map.of() : Map.of("family", history.family()),
                provenance);
    }
}
