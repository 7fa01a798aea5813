package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.history.ScheduleClass;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A study's runs as the law sees them: a point a run, and why others have none.
 *
 * <p>A finished run weighs 1; a running one s0^2 / (s0^2 + s^2), s the scale of its forecast and s0 = {@value #SCATTER}
 * of the loss, the scatter of finished runs about a law that fits well. Before a tenth of its plan a run has no point.
 * Where the study says that un-decayed points are valid, a run whose rate does not decay also gives the closed bins of
 * its second half, and its points share the run's weight.
 */
final class StudyPoints {

    /** Relative scatter of finished runs about a good law; held-out errors of published ladders are .3 to .9 %. */
    static final double SCATTER = .005;

    /** A run takes part from its first tenth on: before, the intervals of its forecast are not calibrated. */
    private static final double LEAST_FRACTION = .1;

    /** Bins of a run give points from this part of it on. */
    private static final double CURVE_FROM = .5;

    private static final int NAMES_TOLD = 5;

    /**
     * A run's loss as a fit takes it.
     *
     * @param scale of the forecast; the scatter of finished runs when it was observed
     */
    record Used(LawPoint point, double scale) {}

    /** Runs that feed the law. */
    final SortedMap<String, Used> used = new TreeMap<>();

    /** Runs that would but for a reason, with weight 0. */
    final SortedMap<String, LawPoint> leftOut = new TreeMap<>();

    /** The reasons, in words. */
    final List<String> diagnostics = new ArrayList<>();

    private final SortedMap<String, double[][]> alongCurves = new TreeMap<>();

    StudyPoints(StudyState study, CurveUpdates curves) {
        Boolean told = study.definition.undecayedPoints();
        boolean undecayedToo = undecayedToo(study);
        List<String> undecayed = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (RunState run : study.runs.values()) {
            Used point = point(study, run, curves);
            if (point == null) {
                continue;
            }
            boolean unlike = CrossRunDetection.isUnlike(study, run);
            boolean out = run.excluded || unlike || (!undecayedToo && !decays(run));
            if (out) {
                (run.excluded ? excluded : unlike ? foreign : undecayed).add(run.run);
                leftOut.put(run.run, weighted(point.point(), 0));
            } else {
                used.put(run.run, point);
                if (told != null && told && !decays(run)) {
                    alongCurve(study, run);
                }
            }
        }
        tell(excluded, "left out by command");
        tell(foreign, "left out: their loss is in another unit, or their N counts something else");
        tell(undecayed, "left out: their learning rate does not decay, the others' does");
    }

    private void tell(List<String> runs, String why) {
        if (!runs.isEmpty()) {
            String names = String.join(", ", runs.subList(0, Math.min(NAMES_TOLD, runs.size())));
            diagnostics.add(runs.size() + (runs.size() == 1 ? " run " : " runs ") + why + ": " + names
                    + (runs.size() > NAMES_TOLD ? ", ..." : ""));
        }
    }

    /** Every point, used or left out, by the runs' names. */
    List<LawPoint> all() {
        SortedMap<String, LawPoint> all = new TreeMap<>(leftOut);
        used.forEach((run, point) -> all.put(run, point.point()));
        return List.copyOf(all.values());
    }

    /** How many points the bins of curves add. */
    int alongCurves() {
        return alongCurves.values().stream().mapToInt(bins -> bins.length).sum();
    }

    /** A point a run. */
    LawPoints finals() {
        int n = used.size();
        double[][] columns = new double[5][n];
        int[] runOf = new int[n];
        int at = 0;
        for (Used run : used.values()) {
            LawPoint point = run.point();
            put(columns, at, point.params(), point.tokens(), point.loss(), point.weight());
            runOf[at] = at++;
        }
        return LawPoints.of(columns[0], columns[1], columns[2], columns[3], columns[4], runOf);
    }

    /** For the fit: a run's final point, then those along its curve. */
    LawPoints lawPoints() {
        int n = used.size() + alongCurves();
        double[][] columns = new double[5][n];
        int[] runOf = new int[n];
        int at = 0;
        int index = 0;
        for (Used run : used.values()) {
            LawPoint point = run.point();
            double[][] bins = alongCurves.getOrDefault(point.run(), new double[0][]);
            double weight = point.weight() / (1 + bins.length);
            put(columns, at, point.params(), point.tokens(), point.loss(), weight);
            runOf[at++] = index;
            for (double[] bin : bins) {
                put(columns, at, point.params(), bin[0], bin[1], weight);
                runOf[at++] = index;
            }
            index++;
        }
        return LawPoints.of(columns[0], columns[1], columns[2], columns[3], columns[4], runOf);
    }

    private static void put(double[][] columns, int at, double params, double tokens, double loss, double weight) {
        columns[0][at] = params;
        columns[1][at] = tokens;
        columns[2][at] = LawPoints.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
        columns[3][at] = loss;
        columns[4][at] = weight;
    }

    /** Closed bins of the run's second half, but for the last, which the final point stands for. */
    private void alongCurve(StudyState study, RunState run) {
        SplitState split = run.split(study.primarySplit());
        LogBins curve = split.levels.of(split.bins);
        List<double[]> bins = new ArrayList<>();
        for (int i = 0; i < split.closedBins() - 1; i++) {
            double step = curve.meanStep(i);
            double loss = curve.mean(i);
            if (step >= CURVE_FROM * split.lastStep && run.tokensAt(step) > 0 && loss > 0) {
                bins.add(new double[] {run.tokensAt(step), loss});
            }
        }
        alongCurves.put(run.run, bins.toArray(double[][]::new));
    }

    private static @Nullable Used point(StudyState study, RunState run, CurveUpdates curves) {
        SplitState split = run.splits.get(study.primarySplit());
        Double params = run.params();
        if (split == null || params == null) {
            return null;
        }
        double plannedTokens = run.plannedTokens();
        if (run.status == RunStatus.FINISHED && !Double.isNaN(split.observedFinal)) {
            double seen = tokensSeen(run, split);
            if (!(seen > 0 && split.observedFinal > 0)) {
                return null;
            }
            LawPoint point = new LawPoint(run.run, params, seen, split.observedFinal, 1, true);
            return new Used(point, SCATTER * split.observedFinal);
        }
        boolean early = split.lastStep < LEAST_FRACTION * run.plannedSteps();
        if (run.status != RunStatus.RUNNING || !(plannedTokens > 0) || early) {
            return null;
        }
        Forecast forecast = curves.finalLoss(study, run, study.primarySplit(), split);
        if (forecast == null || !(forecast.mean() > 0)) {
            return null;
        }
        double scatter = SCATTER * forecast.mean();
        double weight = scatter * scatter / (scatter * scatter + forecast.scale() * forecast.scale());
        return new Used(new LawPoint(run.run, params, plannedTokens, forecast.mean(), weight, false), forecast.scale());
    }

    /** D of a run that has finished; NaN where it is not known. */
    static double tokensSeen(RunState run, SplitState split) {
        double tokens = run.tokensAt((double) split.lastStep);
        return split.tokens > 0 ? split.tokens : tokens > 0 ? tokens : run.plannedTokens();
    }

    /** Whether runs whose rate does not decay count: as the study says, else where none decays. */
    static boolean undecayedToo(StudyState study) {
        Boolean told = study.definition.undecayedPoints();
        return told != null ? told : study.runs.values().stream().noneMatch(StudyPoints::decays);
    }

    private static LawPoint weighted(LawPoint point, double weight) {
        return new LawPoint(point.run(), point.params(), point.tokens(), point.loss(), weight, point.finished());
    }

    /** Whether its learning rate comes down: as sent, else, once the run has ended, as logged. */
    static boolean decays(RunState run) {
        RunManifest manifest = run.manifest();
        Schedule schedule = manifest == null ? null : manifest.schedule();
        if (schedule != null && schedule.kind() != ScheduleKind.UNKNOWN) {
            return schedule.kind() != ScheduleKind.CONSTANT;
        }
        LrPlan plan = run.status == RunStatus.FINISHED ? run.plan() : null;
        return plan == null || ScheduleClass.of(plan) != ScheduleClass.CONSTANT;
    }
}
