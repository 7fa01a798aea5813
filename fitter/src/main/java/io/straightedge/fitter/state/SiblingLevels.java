package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Where other runs of the study stood. Functions of the state. */
final class SiblingLevels {

    /** Of more runs the nearest in size are looked at. */
    private static final int MOST_RUNS = 16;

    private static final double LIKE_SIZE = 4;
    /** Steps of a bin over those of the bin before: beyond lies a gap. */
    private static final double MOST_GAP = 2;

    private static final double NEAR = .1;
    private static final double SMALLER = 1.5;
    private static final int LEAST_TO_LEARN = 3;

    private SiblingLevels() {}

    /** Another run's split of the same name. */
    private record Other(RunState run, SplitState split, double distance) {}

    /** Loss of a curve at a step, linear in its logarithm between the means of bins; NaN outside them and in gaps. */
    static double at(LogBins bins, double step) {
        int high = 0;
        while (high < bins.size() && bins.meanStep(high) < step) {
            high++;
        }
        if (high == bins.size()) {
            return Double.NaN;
        }
        if (high == 0) {
            return bins.meanStep(0) == step ? bins.mean(0) : Double.NaN;
        }
        double before = bins.meanStep(high - 1);
        if (bins.meanStep(high) > MOST_GAP * before) {
            return Double.NaN;
        }
        double part = Math.log(step / before) / Math.log(bins.meanStep(high) / before);
        return bins.mean(high - 1) + part * (bins.mean(high) - bins.mean(high - 1));
    }

    /** Steps of another run in which it sees the tokens that a run sees in one; 1 where tokens are not known. */
    private static double pace(RunState run, RunState other) {
        double ratio = run.tokensPerStep() / other.tokensPerStep();
        return ratio > 0 ? ratio : 1;
    }

    /** Runs of like size, where sizes are known, that have come as far as the last of the bins; those nearest in size first. */
    private static List<Other> others(StudyState study, RunState run, String split, double least, double most) {
        Double params = run.params();
        List<Other> others = new ArrayList<>();
        for (RunState other : study.runs.values()) {
            SplitState curve = other.splits.get(split);
            boolean counts = other != run && !other.excluded && curve != null && curve.bins.size() > 1;
            CrossRun found = curve == null ? null : curve.crossRun;
            if (!counts || curve == null || (found != null && found.unit != null)) {
                continue;
            }
            Double size = other.params();
            double ratio = params == null || size == null ? 1 : size / params;
            if (ratio >= least && ratio <= most) {
                others.add(new Other(other, curve, Math.abs(Math.log(ratio))));
            }
        }
        others.sort(Comparator.comparingDouble(Other::distance));
        return others;
    }

    /** Whether another run, of whatever size, stood where this one does after as many tokens or steps, within {@value #NEAR} of the logarithm. */
    static boolean anyNear(StudyState study, RunState run, String split, double step, double loss, boolean byTokens) {
        for (RunState other : study.runs.values()) {
            SplitState curve = other == run || other.excluded ? null : other.splits.get(split);
            if (curve != null
                    && Math.abs(Math.log(at(curve.bins, step * (byTokens ? pace(run, other) : 1)) / loss)) < NEAR) {
                return true;
            }
        }
        return false;
    }

    /**
     * Losses of runs of like size after as many tokens as at the first {@code n} bins of a run, or as many steps [n][runs]: the same runs everywhere, those that were logged at all these places.
     */
    static double[][] beside(StudyState study, RunState run, String split, LogBins bins, int n, boolean byTokens) {
        List<double[]> columns = new ArrayList<>();
        for (Other other : others(study, run, split, 1 / LIKE_SIZE, LIKE_SIZE)) {
            double[] column = new double[n];
            boolean all = true;
            for (int i = 0; i < n && all; i++) {
                column[i] = at(other.split().bins, bins.meanStep(i) * (byTokens ? pace(run, other.run()) : 1));
                all = column[i] > 0;
            }
            if (all && columns.size() < MOST_RUNS) {
                columns.add(column);
            }
        }
        double[][] rows = new double[n][columns.size()];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < columns.size(); j++) {
                rows[i][j] = columns.get(j)[i];
            }
        }
        return rows;
    }

    /**
     * The highest loss of runs no larger, after as many tokens, or steps where tokens are not known; NaN where fewer than
     * {@value #LEAST_TO_LEARN} have come so far.
     */
    static double highest(StudyState study, RunState run, String split, double step) {
        double[] levels = others(study, run, split, 0, SMALLER).stream()
                .limit(MOST_RUNS)
                .mapToDouble(other -> at(other.split().bins, step * pace(run, other.run())))
                .filter(loss -> loss > 0)
                .toArray();
        return levels.length < LEAST_TO_LEARN
                ? Double.NaN
                : Arrays.stream(levels).max().orElse(Double.NaN);
    }
}
