package io.straightedge.publisher.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Runs that could be made next: a grid of N and D on logarithmic axes, over the runs so far and a factor of
 * {@value #BEYOND} beyond the largest of each.
 *
 * <p>Steps are factors of 2, or larger where that would make more than {@value #LEVELS} levels; sizes are rounded to
 * two digits. Nothing smaller than the smallest N and D so far, where laws begin to fail; no D/N beyond a factor of
 * {@value #BEYOND} of those so far; nothing that costs more than {@value #BEYOND} times the dearest run so far or than
 * {@code mostFlops}; nothing that is there already, within {@value #SAME} in both N and D. In order of N, then D.
 * O(runs), at most 144 candidates.
 */
final class CandidateGrid {

    private static final double BEYOND = 4;
    private static final int LEVELS = 12;
    private static final double SAME = 1.2;

    private CandidateGrid() {}

    /** Empty when there are no runs to begin from. */
    static List<Candidate> around(List<Candidate> runs, double mostFlops) {
        if (runs.isEmpty()) {
            return List.of();
        }
        double dearest = most(runs, Candidate::flops);
        double leastRatio = least(runs, run -> run.tokens() / run.params()) / BEYOND;
        double mostRatio = most(runs, run -> run.tokens() / run.params()) * BEYOND;
        List<Candidate> grid = new ArrayList<>();
        for (double params : levels(least(runs, Candidate::params), most(runs, Candidate::params) * BEYOND)) {
            for (double tokens : levels(least(runs, Candidate::tokens), most(runs, Candidate::tokens) * BEYOND)) {
                Candidate candidate = new Candidate(params, tokens);
                double ratio = tokens / params;
                boolean sensible = ratio >= leastRatio
                        && ratio <= mostRatio
                        && candidate.flops() <= Math.min(mostFlops, BEYOND * dearest);
                if (sensible && isNew(candidate, runs)) {
                    grid.add(candidate);
                }
            }
        }
        return grid;
    }

    /** Whether no run so far has about these sizes. */
    static boolean isNew(Candidate candidate, List<Candidate> runs) {
        return runs.stream().noneMatch(run -> run.within(SAME, candidate));
    }

    private static double[] levels(double from, double to) {
        double doublings = Math.log(to / from) / Math.log(2);
        int steps = (int) Math.min(LEVELS - 1, Math.max(1, Math.round(doublings)));
        double[] levels = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            levels[i] = twoDigits(from * Math.pow(to / from, i / (double) steps));
        }
        return levels;
    }

    private static double twoDigits(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(value)) - 1);
        return unit > 0 ? Math.rint(value / unit) * unit : value;
    }

    private static double least(List<Candidate> runs, ToDoubleFunction<Candidate> size) {
        return runs.stream().mapToDouble(size).min().orElse(Double.NaN);
    }

    private static double most(List<Candidate> runs, ToDoubleFunction<Candidate> size) {
        return runs.stream().mapToDouble(size).max().orElse(Double.NaN);
    }
}
