package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurveLesson;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.SlowRule;
import io.straightedge.fitter.history.Donors;
import io.straightedge.fitter.history.FinishedRun;
import io.straightedge.fitter.history.Informed;
import io.straightedge.fitter.history.StudyHistory;
import io.straightedge.fitter.interval.ForecastMethod;
import io.straightedge.fitter.interval.ForecastTrail;
import io.straightedge.fitter.interval.KeptForecast;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.CurvePoint;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Makes the forecast of a split and says what is known of it. */
final class CurveUpdates {

    /** Points of the forecast curve that are published. */
    private static final int REST_POINTS = 64;

    /** A split is published at least once in so many observations, though no bin has closed. */
    static final int QUIET_OBSERVATIONS = 512;

    /** One thread of the whole process: what it makes is waited for by whoever needs it. */
    private static final Executor BACKGROUND = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "straightedge-history");
        thread.setDaemon(true);
        return thread;
    });

    private static final String FORM = "anneal-grid";

    private final CurveForecaster forecaster = new CurveForecaster();
    private final WhatIfs whatIfs = new WhatIfs(this::forecast);
    private final boolean lazy;

    CurveUpdates() {
        this(false);
    }

    /** @param lazy whether fits wait until they are asked for and nothing is published, for back-tests */
    CurveUpdates(boolean lazy) {
        this.lazy = lazy;
    }

    /** Takes the curve as it stands for the fit in force, and keeps the forecast when it is due. */
    void refit(StudyState study, RunState run, String name, SplitState split) {
        run.lookAtRates();
        split.freeze();
        split.informed = null;
        split.own = null;
        LrPlan plan = run.plan();
        expect(split, plan);
        if (lazy || plan == null) {
            return;
        }
        Outcome<CurveFit> fit = fit(study, run, name, split);
        long planned = plan.plannedSteps();
        boolean due = !run.status.ended() && split.trail.due(split.lastStep, planned);
        if (due && fit instanceof Outcome.Found<CurveFit> found) {
            split.trail.keep(kept(split.lastStep, planned, found.value()));
            split.trailDirty = true;
        }
    }

    /** What the detectors hold the next observations against: the law alone, which is the same in a back-test. */
    private void expect(SplitState split, @Nullable LrPlan plan) {
        Outcome<CurveFit> law = plan == null
                ? Outcome.refused("the run's length is not known")
                : forecaster.fit(split.onLevel(), split.fitted.size(), plan, split.fitSigma, CurvePrior.UNIVERSAL);
        if (law instanceof Outcome.Found<CurveFit> found) {
            CurveFit fit = found.value();
            split.own = fit;
            split.expect(NearForecast.of(fit, split.lastStep));
            int later = LogBins.indexOf(Math.max(1, split.lastStep)) + SlowRule.AHEAD;
            if (!split.slow.expects(later)) {
                double middle = .5 * (LogBins.firstStep(later) + LogBins.firstStep(later + 1));
                split.slow.expect(later, fit.mean(middle), fit.sd(middle));
            }
        } else {
            split.expect(NearForecast.of(split.onLevel(), split.lastStep));
        }
    }

    /** A forecast as it is kept. */
    static KeptForecast kept(long step, long planned, CurveFit fit) {
        Forecast forecast = fit.finalLoss();
        Forecast law = fit.byItself();
        ForecastMethod method = fit.bent() ? ForecastMethod.MIXED : ForecastMethod.LAW;
        List<KeptForecast.Part> parts = List.of(KeptForecast.Part.of(ForecastMethod.LAW, law.mean(), law.scale()));
        return KeptForecast.of(step, planned, forecast, method, parts);
    }

    /** The forecast of the final loss in force; null with too little data. */
    @Nullable
    Forecast finalLoss(StudyState study, RunState run, String name, SplitState split) {
        return fit(study, run, name, split) instanceof Outcome.Found<CurveFit> found
                ? found.value().finalLoss()
                : null;
    }

    /** Emits the estimate as it stands, as the split's next revision. */
    void publish(StudyState study, RunState run, String name, SplitState split, List<Emission> out) {
        split.revision++;
        split.sinceRevision = 0;
        split.dirty = true;
        if (lazy) {
            return;
        }
        Outcome<CurveFit> outcome = fit(study, run, name, split);
        CurveFit fit = outcome instanceof Outcome.Found<CurveFit> found ? found.value() : null;
        RunManifest manifest = run.manifest();
        double tokensPerStep = run.tokensPerStep();
        long plannedSteps = run.plannedSteps();
        boolean seen = split.lastStep >= 0;
        CurveEstimate estimate = new CurveEstimate(
                study.name,
                run.run,
                name,
                "curve/" + study.name + "/" + run.run + "/" + name + "/" + study.sequence,
                study.sequence,
                split.revision,
                run.status,
                run.attempt,
                run.params(),
                manifest != null && manifest.paramsCount() != null
                        ? manifest.paramsCount()
                        : study.definition.paramsCount(),
                nullIfUnknown(run.plannedTokens()),
                plannedSteps > 0 ? plannedSteps : null,
                nullIfUnknown(tokensPerStep),
                split.lastStep,
                nullIfUnknown(split.tokens),
                seen ? split.lastLoss : null,
                split.finite,
                FORM,
                fit == null ? Map.of() : fit.coefficients(),
                split.noise.sigma(),
                curve(run, split),
                fit == null || run.status.ended() ? List.of() : run.counted(fit.rest(REST_POINTS, tokensPerStep)),
                fit == null ? null : fit.finalLoss(),
                nullIfUnknown(split.observedFinal),
                notes(run, split, outcome),
                whatIfs.answers(run, split, outcome, tokensPerStep));
        out.add(Emission.of(
                Topics.CURVE_ESTIMATES,
                estimate.key(),
                Json.write(estimate),
                estimate.id(),
                "io.straightedge.curve-estimate.revised.v1"));
    }

    /** The fit in force. */
    Outcome<CurveFit> fit(StudyState study, RunState run, String name, SplitState split) {
        if (split.fit == null) {
            LrPlan plan = run.plan();
            split.fit = plan == null
                    ? new Outcome.Refused<>(
                            "no forecast: the run's length is not known; send a run event with plannedSteps or plannedTokens")
                    : informed(study, run, name, split, plan)
                            .forecast(forecaster, split.onLevel(), split.fitted.size(), plan, split.fitSigma);
        }
        return split.fit;
    }

    private Informed informed(StudyState study, RunState run, String name, SplitState split, LrPlan plan) {
        Informed known = split.informed;
        if (known == null) {
            known = history(study, name)
                    .inform(
                            forecaster,
                            split.onLevel(),
                            split.fitted.size(),
                            plan,
                            split.fitSigma,
                            run.recipe(plan),
                            study.ledger(name)::factors);
            split.informed = known;
            split.informedDirty = true;
            if (!lazy) {
                double next = StudyHistory.nextPlace(split.fitStep / (double) plan.plannedSteps());
                history(study, name).prepare(next, BACKGROUND);
            }
        }
        return known;
    }

    /** The study's finished runs, as far as they teach anything of the split {@code name}. */
    StudyHistory history(StudyState study, String name) {
        List<FinishedRun> finished = new ArrayList<>();
        List<RunState> byEnd = study.runs.values().stream()
                .sorted(Comparator.comparingLong(run -> run.endedAt))
                .toList();
        for (RunState run : byEnd) {
            SplitState split = run.splits.get(name);
            if (split != null && run.status == RunStatus.FINISHED && !run.excluded && split.observedFinal > 0) {
                learn(run, split, finished);
            }
        }
        StudyHistory known = study.histories.getOrDefault(name, StudyHistory.EMPTY);
        if (!known.isOf(finished)) {
            known = new StudyHistory(finished);
            study.histories.put(name, known);
            prepare(study, name, known);
        }
        return known;
    }

    private void learn(RunState run, SplitState split, List<FinishedRun> finished) {
        if (split.lesson == null) {
            split.lesson = lesson(run, split);
        }
        if (split.lesson instanceof Outcome.Found<FinishedRun> found) {
            finished.add(found.value());
        }
    }

    /** A history of these runs alone. */
    StudyHistory historyOf(List<Siblings.Ended> runs) {
        List<FinishedRun> finished = new ArrayList<>();
        runs.forEach(ended -> learn(ended.run(), ended.split(), finished));
        return new StudyHistory(finished);
    }

    /** The final loss of a run by its recipe alone; null where too little is known. */
    Donors.@Nullable Moments byRecipe(StudyState study, RunState run, String name) {
        LrPlan plan = run.plan();
        return plan == null ? null : history(study, name).byRecipe(run.recipe(plan));
    }

    /** Running runs will ask for regressions where they are next fitted: these are begun while others are dealt with. */
    private void prepare(StudyState study, String name, StudyHistory history) {
        if (lazy) {
            return;
        }
        for (RunState run : study.runs.values()) {
            SplitState split = run.splits.get(name);
            long planned = run.plannedSteps();
            if (split != null && run.status == RunStatus.RUNNING && planned > 0 && split.lastStep > 0) {
                history.prepare(split.lastStep / (double) planned, BACKGROUND);
            }
        }
    }

    private Outcome<FinishedRun> lesson(RunState run, SplitState split) {
        LrPlan plan = run.plan();
        if (plan == null) {
            return Outcome.refused("the run's length is not known");
        }
        Outcome<CurveLesson> outcome = forecaster.learn(split.levels.of(split.bins), plan, split.noise.sigma());
        if (!(outcome instanceof Outcome.Found<CurveLesson> learnt)) {
            return Outcome.refused("the run's curve cannot be fitted");
        }
        return FinishedRun.teaches(learnt.value(), plan, split.observedFinal)
                ? Outcome.found(FinishedRun.of(
                        run.run,
                        run.recipe(plan),
                        learnt.value(),
                        plan,
                        split.levels.of(split.bins),
                        split.noise.sigma(),
                        split.observedFinal))
                : Outcome.refused("the run's curve does not begin at its beginning");
    }

    /** What had been forecast of the split, as it is to be scored. */
    ForecastTrail scored(RunState run, SplitState split) {
        return run.cutShort(split) ? CutShort.trail(run, split, this::forecast) : split.trail;
    }

    /** The forecast under another plan: the law alone, with what the study taught of its coefficients. */
    private Outcome<CurveFit> forecast(SplitState split, LogBins bins, LrPlan plan) {
        CurvePrior prior = split.informed == null ? CurvePrior.UNIVERSAL : split.informed.prior();
        return forecaster.fit(split.levels.of(bins), bins.size(), plan, split.fitSigma, prior);
    }

    private static List<String> notes(RunState run, SplitState split, Outcome<CurveFit> outcome) {
        List<String> notes = new ArrayList<>();
        if (outcome instanceof Outcome.Refused<CurveFit> refused) {
            notes.add(refused.reason());
        }
        LrPlan plan = run.plan();
        if (plan != null && !plan.words().isEmpty()) {
            notes.add(plan.words());
        }
        if (run.cutShort(split)) {
            notes.add(String.format(
                    Locale.ROOT,
                    "ended at step %,d, %.0f %% of its plan: the final loss is of there, and forecasts are scored there",
                    split.lastStep,
                    100.0 * split.lastStep / run.plannedSteps()));
        }
        if (run.manifest() == null) {
            notes.add("no run event has come: N, the plan and the schedule are unknown");
        }
        String origins = ManifestOrigins.words(run.manifest());
        if (origins != null) {
            notes.add(origins);
        }
        return notes;
    }

    private static List<CurvePoint> curve(RunState run, SplitState split) {
        List<CurvePoint> points = new ArrayList<>(split.bins.size());
        for (int i = 0; i < split.bins.size(); i++) {
            long count = split.bins.count(i);
            double step = split.bins.meanStep(i);
            double sd = count > 1 ? Math.sqrt(split.bins.m2(i) / (count - 1)) : 0;
            points.add(new CurvePoint(count, step, run.tokensAt(step), split.bins.mean(i), sd));
        }
        return points;
    }

    static @Nullable Double nullIfUnknown(double value) {
        return Double.isNaN(value) || value == 0 ? null : value;
    }
}
