package io.straightedge.ingest.history;

import io.straightedge.ingest.replay.CurveFile;
import io.straightedge.ingest.replay.CurveFileException;
import io.straightedge.ingest.replay.Row;
import io.straightedge.ingest.replay.RunHistory;
import io.straightedge.ingest.replay.ScheduleThinning;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs of a file of curves, one for each split. The plan is the whole learning-rate column: a live run knows it. */
final class CurveRuns {

    private CurveRuns() {}

    static List<PastRun> read(Path file, String source, GivenSchedules schedules) throws IOException {
        List<PastRun> runs = new ArrayList<>();
        try {
            for (RunHistory history : CurveFile.read(file)) {
                PastRun.Origin origin = new PastRun.Origin(file, history.run());
                runs.addAll(splits(history, source, origin, schedules));
            }
        } catch (CurveFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return runs;
    }

    private static List<PastRun> splits(
            RunHistory history, String source, PastRun.Origin origin, GivenSchedules schedules) {
        Map<String, List<Row>> bySplit = new LinkedHashMap<>();
        for (Row row : history.rows()) {
            bySplit.computeIfAbsent(row.split(), unseen -> new ArrayList<>()).add(row);
        }
        Double params = history.params() != null && history.params() > 0 ? history.params() : null;
        String group =
                params != null ? Sizes.text(params) : history.family().isEmpty() ? history.run() : history.family();
        List<PastRun> runs = new ArrayList<>();
        bySplit.forEach((split, rows) -> {
            String study = source + "/" + split;
            List<LossObservation> losses = rows.stream()
                    .map(row -> new LossObservation(
                            study,
                            history.run(),
                            row.step(),
                            row.tokens(),
                            row.loss(),
                            split,
                            row.lr(),
                            row.gradNorm(),
                            row.nanIterations(),
                            null,
                            null))
                    .toList();
            RunManifest manifest = manifest(study, history, params, schedules);
            runs.add(new PastRun(source, split, history.family(), group, params, manifest, losses, null, origin));
        });
        return runs;
    }

    private static RunManifest manifest(
            String study, RunHistory history, @Nullable Double params, GivenSchedules schedules) {
        long steps = Math.max(1, history.lastStep());
        GivenSchedules.Plan given = schedules.plan(history.family(), history.run(), steps);
        TreeMap<Long, Double> rates = history.learningRates();
        Schedule schedule = given != null ? given.schedule() : rates.isEmpty() ? null : ScheduleThinning.of(rates);
        return RunManifest.of(
                study,
                history.run(),
                params,
                given != null ? given.plannedSteps() : steps,
                history.tokensPerStep(),
                schedule);
    }
}
