package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.CurvePoint;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the forecast of a split and says what is known of it. */
final class CurveUpdates {

    /** Points of the forecast curve that are published. */
    private static final int REST_POINTS = 64;

    /** A split is published at least once in so many observations, though no bin has closed. */
    static final int QUIET_OBSERVATIONS = 512;

    private static final String FORM = "anneal-grid";

    private final CurveForecaster forecaster = new CurveForecaster();

    /** Takes the bins closed so far for the fit in force, and keeps the forecast when a scored fraction has passed. */
    void refit(RunState run, SplitState split) {
        split.fitBins = split.closedBins();
        split.fitSigma = split.noise.sigma();
        split.fit = null;
        LrPlan plan = run.plan(split);
        if (plan != null && !run.status.ended() && fit(run, split) instanceof Outcome.Found<CurveFit> found) {
            double passed = split.fractionToKeep(plan, split.lastStep);
            if (!Double.isNaN(passed)) {
                double fraction = split.lastStep / (double) plan.plannedSteps();
                split.kept.add(new ForecastScore.Entry(fraction, found.value().finalLoss()));
                split.keptDirty = true;
            }
        }
    }

    /** The forecast of the final loss in force; null with too little data. */
    @Nullable
    Forecast finalLoss(RunState run, SplitState split) {
        return fit(run, split) instanceof Outcome.Found<CurveFit> found
                ? found.value().finalLoss()
                : null;
    }

    /** The estimate as it stands, as the split's next revision. */
    CurveEstimate publish(StudyState study, RunState run, String name, SplitState split, List<Emission> out) {
        split.revision++;
        split.sinceRevision = 0;
        split.dirty = true;
        Outcome<CurveFit> outcome = fit(run, split);
        CurveFit fit = outcome instanceof Outcome.Found<CurveFit> found ? found.value() : null;
        RunManifest manifest = run.manifest();
        double tokensPerStep = run.tokensPerStep(split);
        long plannedSteps = run.plannedSteps(split);
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
                nullIfUnknown(run.plannedTokens(split)),
                plannedSteps > 0 ? plannedSteps : null,
                nullIfUnknown(tokensPerStep),
                split.lastStep,
                nullIfUnknown(split.tokens),
                seen ? split.lastLoss : null,
                split.finite,
                FORM,
                fit == null ? Map.of() : fit.coefficients(),
                split.noise.sigma(),
                curve(split, tokensPerStep),
                fit == null || run.status.ended() ? List.of() : fit.rest(REST_POINTS, tokensPerStep),
                fit == null ? null : fit.finalLoss(),
                nullIfUnknown(split.observedFinal),
                notes(run, split, outcome));
        out.add(Emission.of(
                Topics.CURVE_ESTIMATES,
                estimate.key(),
                Json.write(estimate),
                estimate.id(),
                "io.straightedge.curve-estimate.revised.v1"));
        return estimate;
    }

    private Outcome<CurveFit> fit(RunState run, SplitState split) {
        if (split.fit == null) {
            LrPlan plan = run.plan(split);
            split.fit = plan == null
                    ? new Outcome.Refused<>(
                            "no forecast: the run's length is not known; send a run event with plannedSteps or plannedTokens")
                    : forecaster.fit(split.bins, split.fitBins, plan, split.fitSigma, CurvePrior.UNIVERSAL);
        }
        return split.fit;
    }

    private static List<String> notes(RunState run, SplitState split, Outcome<CurveFit> outcome) {
        List<String> notes = new ArrayList<>();
        if (outcome instanceof Outcome.Refused<CurveFit> refused) {
            notes.add(refused.reason());
        }
        LrPlan plan = run.plan(split);
        if (plan != null && plan.assumed()) {
            notes.add("no learning-rate schedule was sent: a constant one is assumed");
        }
        if (run.manifest() == null) {
            notes.add("no run event has come: N, the plan and the schedule are unknown");
        }
        return notes;
    }

    private static List<CurvePoint> curve(SplitState split, double tokensPerStep) {
        List<CurvePoint> points = new ArrayList<>(split.bins.size());
        for (int i = 0; i < split.bins.size(); i++) {
            long count = split.bins.count(i);
            double step = split.bins.meanStep(i);
            double sd = count > 1 ? Math.sqrt(split.bins.m2(i) / (count - 1)) : 0;
            points.add(new CurvePoint(count, step, step * tokensPerStep, split.bins.mean(i), sd));
        }
        return points;
    }

    static @Nullable Double nullIfUnknown(double value) {
        return Double.isNaN(value) || value == 0 ? null : value;
    }
}
