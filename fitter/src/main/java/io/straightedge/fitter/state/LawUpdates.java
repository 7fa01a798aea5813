package io.straightedge.fitter.state;

import io.straightedge.fitter.law.ChinchillaFit;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a study's law: a point a run, fitted again when a run ends or a point has moved by more than a quarter of its
 * scale.
 *
 * <p>A finished run weighs 1; a running one s0^2 / (s0^2 + s^2), s the scale of its forecast and s0 =
 * {@value #SCATTER} of the loss, the scatter of finished runs about a law that fits well. Before a tenth of its plan
 * a run has no point.
 */
final class LawUpdates {

    /** Relative scatter of finished runs about a good law; held-out errors of published ladders are .3 to .9 %. */
    static final double SCATTER = .005;

    /** A point that has moved by more than this part of its scale calls for a new fit. */
    static final double MOVED = .25;

    /** A run takes part from its first tenth on: before, the intervals of its forecast are not calibrated. */
    static final double LEAST_FRACTION = .1;

    static final String NAME = "chinchilla";

    private final CurveUpdates curves;

    LawUpdates(CurveUpdates curves) {
        this.curves = curves;
    }

    /**
     * A run's loss as the last fit took it.
     *
     * @param scale of the forecast; the scatter of finished runs when it was observed
     */
    record Used(LawPoint point, double scale) {}

    /** Fits again if there is reason to, and publishes what came of it. */
    void update(StudyState study, List<Emission> out) {
        List<String> diagnostics = new ArrayList<>();
        SortedMap<String, Used> points = points(study, diagnostics);
        if (!moved(study.lawUsed, points)) {
            return;
        }
        study.lawUsed = points;
        study.lawRevision++;
        study.lawDirty = true;
        int n = points.size();
        double[] params = new double[n];
        double[] tokens = new double[n];
        double[] losses = new double[n];
        double[] weights = new double[n];
        int i = 0;
        for (Used used : points.values()) {
            params[i] = used.point().params();
            tokens[i] = used.point().tokens();
            losses[i] = used.point().loss();
            weights[i] = used.point().weight();
            i++;
        }
        LawFit previous = study.lawFit;
        Outcome<LawFit> outcome = previous == null
                ? ChinchillaFit.fit(params, tokens, losses, weights, ChinchillaFit.Options.DEFAULT)
                : ChinchillaFit.refit(previous, params, tokens, losses, weights, ChinchillaFit.Options.DEFAULT);
        LawFit fit = null;
        if (outcome instanceof Outcome.Found<LawFit> found) {
            fit = found.value();
            diagnostics.addAll(fit.diagnostics());
        } else if (outcome instanceof Outcome.Refused<LawFit> refused) {
            diagnostics.add(refused.reason());
        }
        study.lawFit = fit;
        LawEstimate estimate = estimate(study, points, fit, diagnostics);
        out.add(Emission.of(
                Topics.LAW_ESTIMATES,
                estimate.key(),
                Json.write(estimate),
                estimate.id(),
                "io.straightedge.law-estimate.revised.v1"));
    }

    private static LawEstimate estimate(
            StudyState study, Map<String, Used> points, @Nullable LawFit fit, List<String> diagnostics) {
        return new LawEstimate(
                study.name,
                NAME,
                "law/" + study.name + "/" + NAME + "/" + study.sequence,
                study.sequence,
                study.lawRevision,
                fit == null ? null : fit.law(),
                fit == null ? List.of() : fit.covariance(),
                Map.of(),
                fit == null ? Double.NaN : fit.objective(),
                fit == null ? Double.NaN : fit.gradientNorm(),
                fit == null ? Double.NaN : fit.condition(),
                study.definition.paramsCount(),
                points.values().stream().map(Used::point).toList(),
                study.definition.budgetsFlops(),
                diagnostics,
                Map.of(
                        "objective", "sum of w Huber(log residual), delta 1e-3",
                        "optimizer", "variable projection grid, then polish with analytic gradient",
                        "split", study.primarySplit()));
    }

    private SortedMap<String, Used> points(StudyState study, List<String> diagnostics) {
        SortedMap<String, Used> points = new TreeMap<>();
        boolean anyDecays = study.runs.values().stream().anyMatch(LawUpdates::decays);
        boolean undecayedToo =
                study.definition.undecayedPoints() != null ? study.definition.undecayedPoints() : !anyDecays;
        int undecayed = 0;
        int excluded = 0;
        for (RunState run : study.runs.values()) {
            Used used = point(study, run);
            if (used == null) {
                continue;
            }
            if (run.excluded) {
                excluded++;
            } else if (!undecayedToo && !decays(run)) {
                undecayed++;
            } else {
                points.put(run.run, used);
            }
        }
        if (excluded > 0) {
            diagnostics.add(excluded + " runs left out by command");
        }
        if (undecayed > 0) {
            diagnostics.add(undecayed + " runs left out: their learning rate does not decay, the others' does");
        }
        return points;
    }

    private @Nullable Used point(StudyState study, RunState run) {
        SplitState split = run.splits.get(study.primarySplit());
        Double params = run.params();
        if (split == null || params == null) {
            return null;
        }
        double plannedTokens = run.plannedTokens(split);
        if (run.status == RunStatus.FINISHED && !Double.isNaN(split.observedFinal)) {
            double tokens = split.lastStep * run.tokensPerStep(split);
            double seen = split.tokens > 0 ? split.tokens : tokens > 0 ? tokens : plannedTokens;
            if (!(seen > 0 && split.observedFinal > 0)) {
                return null;
            }
            LawPoint point = new LawPoint(run.run, params, seen, split.observedFinal, 1, true);
            return new Used(point, SCATTER * split.observedFinal);
        }
        boolean early = split.lastStep < LEAST_FRACTION * run.plannedSteps(split);
        if (run.status != RunStatus.RUNNING || !(plannedTokens > 0) || early) {
            return null;
        }
        Forecast forecast = curves.finalLoss(run, split);
        if (forecast == null || !(forecast.mean() > 0)) {
            return null;
        }
        double scatter = SCATTER * forecast.mean();
        double weight = scatter * scatter / (scatter * scatter + forecast.scale() * forecast.scale());
        return new Used(new LawPoint(run.run, params, plannedTokens, forecast.mean(), weight, false), forecast.scale());
    }

    private static boolean moved(Map<String, Used> before, Map<String, Used> now) {
        if (before.size() != now.size()) {
            return true;
        }
        for (Map.Entry<String, Used> entry : now.entrySet()) {
            Used used = before.get(entry.getKey());
            if (used == null) {
                return true;
            }
            LawPoint then = used.point();
            LawPoint point = entry.getValue().point();
            boolean same = then.finished() == point.finished()
                    && then.params() == point.params()
                    && then.tokens() == point.tokens()
                    && Math.abs(then.loss() - point.loss())
                            <= MOVED * entry.getValue().scale();
            if (!same) {
                return true;
            }
        }
        return false;
    }

    /** Whether a run's learning rate comes down at its end, as far as is known. */
    private static boolean decays(RunState run) {
        RunManifest manifest = run.manifest();
        return manifest == null
                || manifest.schedule() == null
                || manifest.schedule().kind() != ScheduleKind.CONSTANT;
    }
}
