package io.straightedge.fitter.state;

import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.fitter.state.SeenWindow.Relation;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.LossObservation;
import java.util.List;
import java.util.Locale;

/**
 * Takes in one logged loss: which attempt it belongs to, whether it was seen before, what the detectors say, and
 * whether the curve has to be fitted again.
 */
final class Observations {

    private static final String NEW_ATTEMPT = "a new attempt began";

    private final CurveUpdates curves;
    private final Findings findings;
    private final Detection detection;
    private final CrossRunDetection crossRuns;

    Observations(CurveUpdates curves, Findings findings, Detection detection, CrossRunDetection crossRuns) {
        this.curves = curves;
        this.findings = findings;
        this.detection = detection;
        this.crossRuns = crossRuns;
    }

    /** What became of the observation, and whether its split has to be published. */
    record Taken(Applied applied, boolean publish) {
        static final Taken DUPLICATE = new Taken(Applied.DUPLICATE, false);
        static final Taken LATE = new Taken(Applied.LATE, false);
    }

    /** @param timeMillis when it was logged; negative when unknown */
    Taken take(StudyState study, RunState run, LossObservation seen, long timeMillis, List<Emission> out) {
        SplitState split = run.split(seen.split());
        double loss = seen.loss() == null ? Double.NaN : seen.loss() * study.definition.natsPerUnit();
        long step = seen.step();
        long lastBefore = split.lastStep;
        Integer attempt = seen.attempt();
        split.dirty = true;
        if (attempt != null && attempt < run.attempt) {
            return Taken.LATE;
        }
        boolean restarted = false;
        if (attempt != null && attempt > run.attempt) {
            restarted = split.lastStep >= 0;
            beginAttempt(study, run, seen.split(), split, attempt, step, restarted, timeMillis, out);
        } else if (split.attempt < run.attempt) {
            endFound(new Place(study, run, seen.split(), split, step, timeMillis), out);
            joinAttempt(run, split, attempt == null ? run.attemptStart : Math.min(step, run.attemptStart));
        }
        Relation relation = split.seen.relation(split.lastStep, step, loss);
        if (relation == Relation.SAME) {
            return Taken.DUPLICATE;
        }
        boolean closed = false;
        if (relation != Relation.AHEAD) {
            if (attempt != null || !Stragglers.tellRestart(split, relation, seen, loss)) {
                return Stragglers.take(run, split, relation, seen, loss);
            }
            restarted = true;
            List<SplitState.Held> row = List.copyOf(split.held);
            long from = row.isEmpty() || step <= split.behindFirst ? step : split.behindFirst;
            beginAttempt(study, run, seen.split(), split, run.attempt + 1, from, true, timeMillis, out);
            for (SplitState.Held late : row) {
                if (late.step() >= from && late.step() < step) {
                    closed |= advance(study, run, split, Stragglers.again(seen, late), late.lossNats(), -1, out);
                }
            }
        }
        closed |= advance(study, run, split, seen, loss, timeMillis, out);
        split.sinceRevision++;
        if (closed || restarted) {
            curves.refit(study, run, seen.split(), split);
        }
        boolean first = lastBefore < 0;
        return new Taken(
                Applied.APPLIED,
                first || closed || restarted || split.sinceRevision >= CurveUpdates.QUIET_OBSERVATIONS);
    }

    /** What was found in the attempt before is over. */
    private void endFound(Place place, List<Emission> out) {
        detection.restart(place, NEW_ATTEMPT, out);
        crossRuns.end(place, NEW_ATTEMPT, out);
    }

    private static void joinAttempt(RunState run, SplitState split, long from) {
        if (from < run.attemptStart) {
            run.attemptStart = from;
            run.rewindTokens(from);
            run.dirty = true;
        }
        if (split.lastStep >= from) {
            split.rewind(from, run.plannedSteps());
        }
        split.attempt = run.attempt;
    }

    private void beginAttempt(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            int attempt,
            long step,
            boolean tell,
            long timeMillis,
            List<Emission> out) {
        long from = split.lastStep;
        endFound(new Place(study, run, name, split, step, timeMillis), out);
        run.attempt = attempt;
        run.attemptStart = step;
        run.rewindTokens(step);
        run.rewindRates(step);
        run.dirty = true;
        if (run.status.ended()) {
            run.status = RunStatus.RUNNING;
        }
        if (split.lastStep >= step) {
            split.rewind(step, run.plannedSteps());
        }
        split.attempt = attempt;
        if (tell) {
            String message = step > from
                    ? String.format(Locale.ROOT, "attempt %d goes on from step %,d", attempt, step)
                    : String.format(Locale.ROOT, "went back from step %,d to %,d: a new attempt", from, step);
            findings.emit(
                    new Place(study, run, name, split, step, timeMillis),
                    Finding.of(Detector.RESTART, Phase.BEGAN, step, message),
                    out);
        }
    }

    /** Moves the split on to a step that lies ahead; true when a bin closed. */
    private boolean advance(
            StudyState study,
            RunState run,
            SplitState split,
            LossObservation seen,
            double loss,
            long timeMillis,
            List<Emission> out) {
        long step = seen.step();
        long before = split.lastStep;
        double batchBefore = run.tokensPerStep();
        boolean batchChanged = false;
        split.seen.advance(before, step, loss);
        split.lastStep = step;
        split.lastLoss = loss;
        split.caughtUp();
        if (seen.tokens() != null) {
            batchChanged = run.tokens.see((double) step, seen.tokens());
            run.dirty = true;
        }
        if (seen.lr() != null) {
            run.sawRate(step, seen.lr());
        }
        split.tokens = seen.tokens() != null ? seen.tokens() : run.tokensAt((double) step);
        if (run.status == RunStatus.PLANNED || run.status == RunStatus.FAILED || run.status == RunStatus.KILLED) {
            run.status = RunStatus.RUNNING;
            run.dirty = true;
        }
        Place place = new Place(study, run, seen.split(), split, step, timeMillis);
        if (timeMillis >= 0) {
            run.dirty = true;
            if (run.pace.add(timeMillis)) {
                findings.emit(
                        place, Finding.of(Detector.STALL, Phase.ENDED, run.stallStep, "observations come again"), out);
            }
        }
        if (batchChanged) {
            detection.batchChanged(place, batchBefore, run.tokensPerStep(), out);
        }
        if (!detection.admits(place, seen, loss, before, out)) {
            return false;
        }
        int bins = split.bins.size();
        boolean due = split.observe(step, loss, run.plannedSteps());
        if (bins > 0 && split.bins.size() > bins) {
            detection.closed(place, bins - 1, out);
        }
        return due;
    }
}
