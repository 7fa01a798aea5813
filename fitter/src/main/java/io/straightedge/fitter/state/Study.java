package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.detect.StallRule;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.Tick;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What each kind of event does to a study. Stateless beside the forecaster's workspace; one thread. */
final class Study {

    /** Event time passes in steps of this before stalls are looked for again, as wall time does by ticks. */
    static final long CHECK_MILLIS = 15_000;

    private static final String RUN_ENDED = "the run has ended";

    private final CurveUpdates curves;
    private final Findings findings;
    private final Detection detection;
    private final CrossRunDetection crossRuns;
    private final Observations observations;
    private final LawUpdates laws;

    Study() {
        this(false);
    }

    private Study(boolean curvesOnly) {
        curves = new CurveUpdates(curvesOnly);
        findings = new Findings(curves);
        crossRuns = new CrossRunDetection(findings, curves);
        detection = new Detection(findings);
        observations = new Observations(curves, findings, detection, crossRuns);
        laws = curvesOnly ? LawUpdates.NONE : new LawUpdates(curves);
    }

    /** Curves and forecasts alone, made when they are asked for: for back-tests. */
    static Study curvesOnly() {
        return new Study(true);
    }

    CurveUpdates curves() {
        return curves;
    }

    /**
     * Applies an event of the study.
     *
     * @param logMillis when the log got the event, milliseconds since 1970
     */
    Applied apply(StudyState study, TrainingEvent event, long logMillis, List<Emission> out) {
        study.sequence++;
        study.dirty = true;
        study.siblingsStale |= !(event instanceof LossObservation);
        if (event instanceof LossObservation seen) {
            return observe(study, seen, logMillis, out);
        } else if (event instanceof RunManifest manifest) {
            manifest(study, manifest, out);
        } else if (event instanceof StudyDefinition definition) {
            define(study, definition, out);
        } else if (event instanceof RunEnd end) {
            end(study, end, out);
        } else if (event instanceof StudyCommand command) {
            command(study, command, out);
        } else if (event instanceof Tick) {
            throw new IllegalArgumentException("a tick belongs to a partition, not to a study");
        }
        return Applied.APPLIED;
    }

    /** Wall time has reached {@code nowMillis}. */
    void tick(StudyState study, long nowMillis, List<Emission> out) {
        if (study.wallClock()) {
            checkStalls(study, nowMillis, out);
        }
    }

    private Applied observe(StudyState study, LossObservation seen, long logMillis, List<Emission> out) {
        RunState run = study.run(seen.run());
        goesOn(study, run, seen);
        long timeMillis = time(study, seen.time(), logMillis);
        SplitState split = run.split(seen.split());
        int closed = split.closedBins();
        study.siblingsStale |= run.status == RunStatus.FINISHED;
        Observations.Taken taken = observations.take(study, run, seen, timeMillis, out);
        besideOthers(new Place(study, run, seen.split(), split, split.lastStep, timeMillis), closed, out);
        boolean reachedPlan =
                run.status == RunStatus.RUNNING && run.plannedSteps() > 0 && split.lastStep >= run.plannedSteps();
        if (reachedPlan) {
            finish(study, run, RunStatus.FINISHED, null, out);
        } else if (taken.publish() || (taken.applied() == Applied.APPLIED && run.status == RunStatus.FINISHED)) {
            if (run.status == RunStatus.FINISHED) {
                split.observedFinal = split.tail(run.plannedSteps());
            }
            curves.publish(study, run, seen.split(), split, out);
            if (run.status == RunStatus.FINISHED) {
                Scores.score(study, run, seen.split(), split, curves, out);
            }
            laws.update(study, out);
        }
        if (timeMillis >= 0 && !study.wallClock()) {
            study.latestMillis = Math.max(study.latestMillis, timeMillis);
            if (study.latestMillis - study.checkedMillis >= CHECK_MILLIS) {
                checkStalls(study, study.latestMillis, out);
            }
        }
        return taken.applied();
    }

    /** Looks at the run beside others where a bin has closed or its forecast was made again. */
    private void besideOthers(Place place, int closedBefore, List<Emission> out) {
        SplitState split = place.curve();
        if (split.closedBins() > closedBefore) {
            crossRuns.closed(place, split.closedBins() - 1, out);
        }
        CurveFit own = split.own;
        if (own != null) {
            split.own = null;
            crossRuns.forecast(place, own, out);
        }
    }

    /**
     * A run that another split has brought to its planned end is running again when the split that matters begins: its
     * file is read one split after the other.
     */
    private static void goesOn(StudyState study, RunState run, LossObservation seen) {
        SplitState split = run.splits.get(seen.split());
        boolean begins = seen.split().equals(study.primarySplit()) && (split == null || split.lastStep < 0);
        if (begins && run.status == RunStatus.FINISHED && seen.step() < run.plannedSteps()) {
            boolean byPlan = run.splits.values().stream().anyMatch(other -> other.lastStep >= run.plannedSteps());
            if (byPlan) {
                run.status = RunStatus.RUNNING;
                run.dirty = true;
            }
        }
    }

    private void manifest(StudyState study, RunManifest manifest, List<Emission> out) {
        RunState run = study.run(manifest.run());
        boolean otherwise = CrossRunDetection.countsOtherwise(study, run);
        run.manifest(manifest);
        run.manifestDirty = true;
        run.dirty = true;
        if (run.splits.isEmpty()) {
            // A planned run is shown, and predicted by the law, before its first loss.
            run.split(study.primarySplit());
        }
        run.splits.forEach((name, split) -> {
            boolean goesOn = run.status == RunStatus.FINISHED && split.lastStep < run.plannedSteps();
            if (goesOn) {
                run.status = RunStatus.RUNNING;
                split.observedFinal = Double.NaN;
            }
            curves.refit(study, run, name, split);
            curves.publish(study, run, name, split, out);
        });
        crossRuns.told(place(study, run), otherwise, out);
        laws.update(study, out);
    }

    private static Place place(StudyState study, RunState run) {
        String name = stallSplit(study, run);
        SplitState split = run.split(name);
        return new Place(study, run, name, split, Math.max(0, split.lastStep), -1);
    }

    private void define(StudyState study, StudyDefinition definition, List<Emission> out) {
        Set<RunState> otherwise = study.runs.values().stream()
                .filter(run -> CrossRunDetection.countsOtherwise(study, run))
                .collect(Collectors.toSet());
        study.definition = definition;
        study.runs.values().stream()
                .filter(run -> !run.splits.isEmpty())
                .forEach(run -> crossRuns.told(place(study, run), otherwise.contains(run), out));
        study.definitionDirty = true;
        study.lawUsed.clear();
        laws.update(study, out);
    }

    private void end(StudyState study, RunEnd end, List<Emission> out) {
        RunState run = study.run(end.run());
        RunStatus status = end.outcome() == Outcome.FINISHED
                ? RunStatus.FINISHED
                : end.outcome() == Outcome.FAILED ? RunStatus.FAILED : RunStatus.KILLED;
        Double nats = end.finalLoss() == null ? null : end.finalLoss() * study.definition.natsPerUnit();
        boolean again = run.status == status && nats == null;
        if (!again) {
            finish(study, run, status, nats, out);
        }
    }

    private void finish(
            StudyState study, RunState run, RunStatus status, @Nullable Double finalNats, List<Emission> out) {
        run.status = status;
        run.endedAt = study.sequence;
        run.dirty = true;
        if (run.pace.end()) {
            String name = stallSplit(study, run);
            findings.emit(
                    new Place(study, run, name, run.split(name), run.stallStep, -1),
                    Finding.of(Detector.STALL, Phase.ENDED, run.stallStep, RUN_ENDED),
                    out);
        }
        run.splits.forEach((name, split) -> {
            split.dirty = true;
            Place place = new Place(study, run, name, split, split.lastStep, -1);
            detection.end(place, RUN_ENDED, out);
            if (status == RunStatus.FINISHED) {
                split.observedFinal = finalNats != null && name.equals(study.primarySplit())
                        ? finalNats
                        : split.tail(run.plannedSteps());
                crossRuns.finish(place, RUN_ENDED, out);
            } else {
                crossRuns.end(place, RUN_ENDED, out);
            }
            curves.publish(study, run, name, split, out);
            if (status == RunStatus.FINISHED) {
                Scores.score(study, run, name, split, curves, out);
            }
        });
        laws.update(study, out);
    }

    /** A command about a run that is not known changes nothing. */
    private void command(StudyState study, StudyCommand command, List<Emission> out) {
        if (command.action() == StudyCommand.Action.FORGET) {
            forget(study, command.run(), out);
            return;
        }
        RunState run = command.run() == null ? null : study.runs.get(command.run());
        if (run == null) {
            return;
        }
        switch (command.action()) {
            case EXCLUDE, INCLUDE -> {
                run.excluded = command.action() == StudyCommand.Action.EXCLUDE;
                run.dirty = true;
                if (run.excluded) {
                    run.splits.forEach((name, split) -> crossRuns.end(
                            new Place(study, run, name, split, split.lastStep, -1), "the run was excluded", out));
                }
                laws.update(study, out);
            }
            case ACCEPT_LEVEL -> accept(study, run, command.split(), out);
            case WHAT_IF -> {
                WhatIfs.ask(run, command);
                run.splits.forEach((name, split) -> curves.publish(study, run, name, split, out));
            }
            case MOVE, FORGET -> throw new IllegalStateException(command.action() + " is dealt with elsewhere");
        }
    }

    private void accept(StudyState study, RunState run, @Nullable String only, List<Emission> out) {
        run.splits.forEach((name, split) -> {
            if (only == null || only.equals(name)) {
                Place place = new Place(study, run, name, split, split.lastStep, -1);
                detection.accept(place, out);
                crossRuns.accept(place, "the run was accepted as it is", out);
            }
        });
    }

    private void forget(StudyState study, @Nullable String only, List<Emission> out) {
        List<String> gone = only == null ? List.copyOf(study.runs.keySet()) : List.of(only);
        List<RunState> forgotten = new ArrayList<>();
        for (String name : gone) {
            RunState run = study.runs.remove(name);
            if (run != null) {
                forgotten.add(run);
                run.splits.keySet().forEach(split -> {
                    String key = study.name + "/" + name + "/" + split;
                    out.add(Emission.tombstone(Topics.CURVE_ESTIMATES, key));
                });
                Changelog.forget(study, run, out);
                forgetReferences(study, name, out);
            }
        }
        Scores.forget(study, forgotten, out);
        if (only == null) {
            Changelog.forgetShared(study, out);
            study.shared.clear();
            study.lawUsed.clear();
            study.lawFit = null;
            study.lawDirty = true;
            study.holdOutPercent.clear();
            LawUpdates.names()
                    .forEach(law -> out.add(Emission.tombstone(Topics.LAW_ESTIMATES, study.name + "/" + law)));
        } else {
            laws.update(study, out);
        }
    }

    private static void forgetReferences(StudyState study, String run, List<Emission> out) {
        study.references.entrySet().removeIf(entry -> {
            boolean gone = run.equals(entry.getValue().run());
            if (gone) {
                Changelog.forget(study, entry.getKey(), entry.getValue(), out);
            }
            return gone;
        });
    }

    private void checkStalls(StudyState study, long nowMillis, List<Emission> out) {
        study.checkedMillis = nowMillis;
        study.dirty = true;
        for (Map.Entry<String, RunState> entry : study.runs.entrySet()) {
            RunState run = entry.getValue();
            StallRule.Verdict verdict = run.status != RunStatus.RUNNING || run.splits.isEmpty()
                    ? StallRule.Verdict.CALM
                    : run.pace.check(nowMillis);
            if (verdict == StallRule.Verdict.CALM) {
                continue;
            }
            run.dirty = true;
            String name = stallSplit(study, run);
            SplitState split = run.split(name);
            boolean began = verdict == StallRule.Verdict.BEGAN;
            if (began) {
                run.stallStep = split.lastStep;
            }
            String message = String.format(
                    Locale.ROOT,
                    "nothing has come since step %,d, for %,d s; before that an observation came every %,d s",
                    split.lastStep,
                    run.pace.silentMillis(nowMillis) / 1000,
                    Math.max(1, Math.round(run.pace.intervalMillis() / 1000)));
            findings.emit(
                    new Place(study, run, name, split, split.lastStep, nowMillis),
                    Finding.of(Detector.STALL, began ? Phase.BEGAN : Phase.GOES_ON, run.stallStep, message),
                    out);
        }
    }

    /** A stall is a run's; it is told of the split that matters most. */
    private static String stallSplit(StudyState study, RunState run) {
        return run.splits.containsKey(study.primarySplit()) ? study.primarySplit() : run.splits.firstKey();
    }

    /** When an event was logged: as it says, else, under wall time, when the log got it. */
    private static long time(StudyState study, @Nullable Instant told, long logMillis) {
        if (told != null) {
            return told.toEpochMilli();
        }
        return study.wallClock() ? logMillis : -1;
    }
}
