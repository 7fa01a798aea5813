package io.straightedge.fitter.law;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Points in groups of like compute, in rising order: what is held out together.
 *
 * <p>Where points come in budgets, neighbours in C within {@value #SAME_BUDGET} of its logarithm are one, and budgets
 * of fewer than three points join their nearer neighbour; that is so when at least four budgets have three points and
 * these hold four fifths of all. Elsewhere the groups are quantiles of C, a quarter as many as points, three to ten.
 * Errors within a group hang together, so it counts as one observation. O(n log n). Immutable.
 */
final class BudgetGroups {

    private static final double SAME_BUDGET = 0.1;
    private static final int LEAST_POINTS = 3;
    private static final int LEAST_BUDGETS = 4;
    private static final double LEAST_SHARE = 0.8;
    private static final int POINTS_PER_QUANTILE = 4;
    private static final int MOST_QUANTILES = 10;

    private final int[] group;
    private final double[] meanLogFlops;

    private BudgetGroups(int[] group, double[] logFlops) {
        this.group = group;
        int count = Arrays.stream(group).max().orElse(-1) + 1;
        meanLogFlops = new double[count];
        for (int g = 0; g < count; g++) {
            int k = g;
            meanLogFlops[g] = IntStream.range(0, group.length)
                    .filter(i -> group[i] == k)
                    .mapToDouble(i -> logFlops[i])
                    .average()
                    .orElse(Double.NaN);
        }
    }

    static BudgetGroups of(LawPoints points) {
        int n = points.size();
        double[] logFlops = new double[n];
        for (int i = 0; i < n; i++) {
            logFlops[i] = Math.log(points.flops(i));
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                // Runs of equal compute must not be told apart by the order in which they came.
                .sorted(Comparator.<Integer>comparingDouble(i -> logFlops[i])
                        .thenComparingDouble(points::params)
                        .thenComparingDouble(points::loss))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] budgets = chained(logFlops, order);
        return new BudgetGroups(inBudgets(budgets) ? merged(budgets, logFlops) : quantiles(order), logFlops);
    }

    /** How many there are. */
    int count() {
        return meanLogFlops.length;
    }

    /** Of point {@code i}, in [0, count). */
    int of(int i) {
        return group[i];
    }

    /** Mean C of group {@code larger} over that of {@code smaller}, means of logarithms. */
    double ratio(int smaller, int larger) {
        return Math.exp(meanLogFlops[larger] - meanLogFlops[smaller]);
    }

    /** Indices of the points of the groups from {@code from} to before {@code to}, in the points' order. */
    int[] between(int from, int to) {
        return IntStream.range(0, group.length)
                .filter(i -> group[i] >= from && group[i] < to)
                .toArray();
    }

    private static int[] chained(double[] logFlops, int[] order) {
        int[] group = new int[order.length];
        for (int k = 1; k < order.length; k++) {
            boolean apart = logFlops[order[k]] - logFlops[order[k - 1]] > SAME_BUDGET;
            group[order[k]] = group[order[k - 1]] + (apart ? 1 : 0);
        }
        return group;
    }

    private static boolean inBudgets(int[] group) {
        int[] count = counts(group);
        int full = 0;
        int covered = 0;
        for (int points : count) {
            full += points >= LEAST_POINTS ? 1 : 0;
            covered += points >= LEAST_POINTS ? points : 0;
        }
        return full >= LEAST_BUDGETS && covered >= LEAST_SHARE * group.length;
    }

    /** Joins the first group that is too small to its nearer neighbour, until none is. */
    private static int[] merged(int[] group, double[] logFlops) {
        BudgetGroups now = new BudgetGroups(group.clone(), logFlops);
        while (true) {
            int[] count = counts(now.group);
            int small = 0;
            while (small < count.length && count[small] >= LEAST_POINTS) {
                small++;
            }
            if (small == count.length || count.length == 1) {
                return now.group;
            }
            boolean down = small == count.length - 1
                    || (small > 0
                            && now.meanLogFlops[small] - now.meanLogFlops[small - 1]
                                    <= now.meanLogFlops[small + 1] - now.meanLogFlops[small]);
            int last = down ? small : small + 1;
            for (int i = 0; i < now.group.length; i++) {
                now.group[i] -= now.group[i] >= last ? 1 : 0;
            }
            now = new BudgetGroups(now.group, logFlops);
        }
    }

    private static int[] quantiles(int[] order) {
        int n = order.length;
        int count = Math.max(3, Math.min(MOST_QUANTILES, n / POINTS_PER_QUANTILE));
        int[] group = new int[n];
        for (int k = 0; k < n; k++) {
            group[order[k]] = (int) ((long) k * count / n);
        }
        return group;
    }

    private static int[] counts(int[] group) {
        int[] count = new int[Arrays.stream(group).max().orElse(-1) + 1];
        for (int g : group) {
            count[g]++;
        }
        return count;
    }
}
