package io.straightedge.fitter.state;

import io.straightedge.fitter.interval.ForecastLedger;
import io.straightedge.fitter.interval.ForecastTrail;
import io.straightedge.fitter.interval.ScoredRun;
import io.straightedge.fitter.interval.TrackRecords;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import java.util.List;
import java.util.TreeSet;

/** Holds the forecasts of finished runs against what came, in the study's ledgers and on {@code forecast-scores}. */
final class Scores {

    private Scores() {}

    /** Scores a split of a finished run, again where its final loss or its end has changed since. */
    static void score(
            StudyState study, RunState run, String name, SplitState split, CurveUpdates curves, List<Emission> out) {
        long endStep = endStep(run);
        boolean told = split.scoredFinal == split.observedFinal && split.scoredEnd == endStep;
        if (split.trail.isEmpty() || endStep < 1 || !Double.isFinite(split.observedFinal) || told) {
            return;
        }
        split.scoredFinal = split.observedFinal;
        split.scoredEnd = endStep;
        split.dirty = true;
        ForecastTrail trail = curves.scored(run, split);
        String id = "score/" + study.name + "/" + run.run + "/" + name + "/" + study.sequence;
        ForecastScore score = new ForecastScore(
                study.name,
                run.run,
                name,
                id,
                study.sequence,
                split.observedFinal,
                ScoredRun.entries(trail, split.observedFinal, endStep),
                endStep);
        out.add(Emission.of(
                Topics.FORECAST_SCORES, score.key(), Json.write(score), id, "io.straightedge.forecast-score.made.v1"));
        ForecastLedger ledger = study.ledger(name);
        ledger.put(ScoredRun.of(run.run, study.sequence, split.observedFinal, endStep, trail));
        tell(study, name, ledger, out);
    }

    /** Takes runs out of the study's ledgers, and their scores back. */
    static void forget(StudyState study, List<RunState> runs, List<Emission> out) {
        TreeSet<String> changed = new TreeSet<>();
        for (RunState run : runs) {
            run.splits.keySet().forEach(name -> {
                out.add(Emission.tombstone(Topics.FORECAST_SCORES, study.name + "/" + run.run + "/" + name));
                if (study.ledger(name).remove(run.run)) {
                    changed.add(name);
                }
            });
        }
        changed.forEach(name -> tell(study, name, study.ledger(name), out));
    }

    private static void tell(StudyState study, String name, ForecastLedger ledger, List<Emission> out) {
        TrackRecord record = TrackRecords.of(study.name, name, study.sequence, ledger);
        if (ledger.isEmpty()) {
            out.add(Emission.tombstone(Topics.FORECAST_SCORES, record.key()));
            return;
        }
        out.add(Emission.of(
                Topics.FORECAST_SCORES,
                record.key(),
                Json.write(record),
                record.id(),
                "io.straightedge.track-record.revised.v1"));
    }

    /** The last step of any split: a split that is logged now and then ends where its run does. */
    private static long endStep(RunState run) {
        long last = -1;
        for (SplitState split : run.splits.values()) {
            last = Math.max(last, split.lastStep);
        }
        return last;
    }
}
