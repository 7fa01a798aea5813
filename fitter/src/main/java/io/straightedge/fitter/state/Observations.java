package io.straightedge.fitter.state;

import io.straightedge.fitter.detect.CollapseRule;
import io.straightedge.fitter.detect.FiniteRule;
import io.straightedge.fitter.detect.RiseRule;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.SeenWindow.Relation;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import java.util.Locale;

/**
 * Takes in one logged loss: which attempt it belongs to, whether it was seen before, what the detectors say, and
 * whether the curve has to be fitted again.
 */
final class Observations {

    private final CurveUpdates curves;

    Observations(CurveUpdates curves) {
        this.curves = curves;
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

    private static void beginAttempt(
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
        endFindings(study, run, name, split, step, timeMillis, "a new attempt began", out);
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
            Finding finding = new Finding(
                    Detector.RESTART, true, step, step, Math.max(0, from - step), Double.NaN, timeMillis, message);
            Findings.emit(study, run, name, finding, out);
        }
    }

    /** What was found in the split and still goes on is over: a new attempt began, or the run has ended. */
    static void endFindings(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            long step,
            long timeMillis,
            String why,
            List<Emission> out) {
        if (split.rise.risen()) {
            tellRise(study, run, name, split, split.rise.diverged(), false, step, timeMillis, out);
            split.rise.accept();
        }
        if (!split.finite) {
            split.finite = true;
            tellFinite(study, run, name, split, true, step, timeMillis, why, out);
        }
        if (split.collapse.collapsed()) {
            tellCollapse(study, run, name, split, false, split.lastLoss, timeMillis, why, out);
            split.collapse.restart();
        }
    }

    /** Moves the split on to a step that lies ahead; true when a bin closed. */
    private static boolean advance(
            StudyState study,
            RunState run,
            SplitState split,
            LossObservation seen,
            double loss,
            long timeMillis,
            List<Emission> out) {
        long step = seen.step();
        split.seen.advance(split.lastStep, step, loss);
        split.lastStep = step;
        split.lastLoss = loss;
        split.caughtUp();
        if (seen.tokens() != null) {
            run.tokens.see((double) step, seen.tokens());
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
        if (timeMillis >= 0) {
            run.dirty = true;
            if (run.pace.add(timeMillis)) {
                Finding finding = new Finding(
                        Detector.STALL,
                        false,
                        run.stallStep,
                        step,
                        0,
                        Double.NaN,
                        timeMillis,
                        "observations come again");
                Findings.emit(study, run, seen.split(), finding, out);
            }
        }
        boolean faultless = finite(study, run, split, seen, timeMillis, out);
        return Double.isFinite(loss)
                && FiniteRule.usable(seen)
                && says(study, run, seen.split(), split, loss, timeMillis, out)
                && calm(study, run, seen.split(), split, loss, timeMillis, out)
                && faultless
                && split.observe(step, loss, run.plannedSteps());
    }

    /** Runs the finite rule; true when it has nothing to object. */
    private static boolean finite(
            StudyState study,
            RunState run,
            SplitState split,
            LossObservation seen,
            long timeMillis,
            List<Emission> out) {
        String fault = FiniteRule.fault(seen, split.nanIterations);
        if (seen.nanIterations() != null) {
            split.nanIterations = seen.nanIterations();
        }
        boolean finite = fault == null;
        if (finite != split.finite) {
            split.finite = finite;
            if (!finite) {
                split.notFiniteSince = seen.step();
            }
            tellFinite(
                    study, run, seen.split(), split, finite, seen.step(), timeMillis, fault == null ? "" : fault, out);
        }
        return finite;
    }

    /** Runs the collapse rule; true when the loss says something. */
    private static boolean says(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            double loss,
            long timeMillis,
            List<Emission> out) {
        RunManifest manifest = run.manifest();
        Integer vocabulary = manifest == null ? null : manifest.vocabularySize();
        CollapseRule.Verdict verdict = split.collapse.add(split.lastStep, loss, vocabulary);
        if (verdict == CollapseRule.Verdict.BEGAN) {
            String why = String.valueOf(split.collapse.fault(vocabulary));
            tellCollapse(study, run, name, split, true, loss, timeMillis, why, out);
        } else if (verdict == CollapseRule.Verdict.ENDED) {
            tellCollapse(study, run, name, split, false, loss, timeMillis, "the loss is another again", out);
        }
        return !split.collapse.collapsed();
    }

    private static void tellCollapse(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            boolean began,
            double loss,
            long timeMillis,
            String message,
            List<Emission> out) {
        double size = Double.isFinite(split.collapse.lowest()) ? loss - split.collapse.lowest() : Double.NaN;
        Finding finding = new Finding(
                Detector.DIVERGENCE, began, split.collapse.onsetStep(), split.lastStep, 1, size, timeMillis, message);
        Findings.emit(study, run, name, finding, out);
    }

    /** Runs the rise rule; true when the observation may enter the curve. */
    private static boolean calm(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            double loss,
            long timeMillis,
            List<Emission> out) {
        boolean hadDiverged = split.rise.diverged();
        RiseRule.Verdict verdict = split.rise.add(split.lastStep, loss, split.noise.sigma());
        switch (verdict) {
            case SPIKE_BEGAN -> {
                split.edges.began(split.rise.level(), split.noise.sigma(), split.bins);
                tellRise(study, run, name, split, false, true, split.lastStep, timeMillis, out);
            }
            case DIVERGED -> {
                split.edges.risen();
                tellRise(study, run, name, split, false, false, split.lastStep, timeMillis, out);
                tellRise(study, run, name, split, true, true, split.lastStep, timeMillis, out);
            }
            case ENDED -> {
                split.edges.ended();
                tellRise(study, run, name, split, hadDiverged, false, split.lastStep, timeMillis, out);
            }
            case RISEN -> split.edges.risen();
            case CALM -> {}
        }
        boolean down = verdict == RiseRule.Verdict.CALM || verdict == RiseRule.Verdict.ENDED;
        return down && split.edges.admits(loss, split.noise.sigma());
    }

    static void tellRise(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            boolean diverged,
            boolean began,
            long step,
            long timeMillis,
            List<Emission> out) {
        double size = split.rise.peak() - split.rise.level();
        double noise = split.noise.sigma();
        String message = String.format(
                Locale.ROOT,
                began
                        ? diverged
                                ? "the loss went from %.3f to %.3f at step %,d and has not come back"
                                : "the loss jumped from %.3f to %.3f at step %,d"
                        : "over: the loss had gone from %.3f to %.3f at step %,d",
                split.rise.level(),
                split.rise.peak(),
                split.rise.onsetStep());
        Finding finding = new Finding(
                diverged ? Detector.DIVERGENCE : Detector.SPIKE,
                began,
                split.rise.onsetStep(),
                step,
                noise > 0 ? size / noise : size / RiseRule.FLOOR_NATS,
                size,
                timeMillis,
                message);
        Findings.emit(study, run, name, finding, out);
    }

    private static void tellFinite(
            StudyState study,
            RunState run,
            String name,
            SplitState split,
            boolean finite,
            long step,
            long timeMillis,
            String why,
            List<Emission> out) {
        String message = finite ? (why.isEmpty() ? "the loss is finite again" : why) : why + " at step " + step;
        Finding finding = new Finding(
                Detector.NON_FINITE, !finite, split.notFiniteSince, step, 1, Double.NaN, timeMillis, message);
        Findings.emit(study, run, name, finding, out);
    }
}
