package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.ScalingLaw;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fits an {@link Extrapolation} and calibrates it on the study's own larger budgets.
 *
 * <p>Roll-outs: for up to {@value #MOST_CUTS} cuts c of the K groups of like compute, the last ones that leave three
 * groups and nine runs, a {@link LawPair} is fitted to the first c groups and asked of the next {@value #MOST_AHEAD}. A
 * group is one observation, for errors within it hang together.
 *
 * <ul>
 *   <li>Share of the second law, stacked: with a and b the residuals of the two laws on a group and h = mean a^2 + mean
 *       b^2, w = (sum mean a(a-b)/h + 1/2) / (sum mean (a-b)^2/h + 1) within [0, 1], over groups; that of a cut uses
 *       earlier cuts and groups before its own end only.
 *   <li>Factor: lambda^2 = (3 1.75^2 + sum A) / (3 + m), A the mean over cuts of a group's mean min(25, (r/s)^2), m
 *       groups; Student's t with 3 + m degrees: a scaled inverse chi-square prior worth three budgets. The prior's 1.75
 *       is above what fits best on average (1.4): it keeps studies with one or two budgets to learn from above 75 % at
 *       a nominal 90 %.
 * </ul>
 *
 * <p>At most six fits of each law. Fewer than six runs, or a pair that is no law, are refused; with less than three
 * groups and nine runs below the top one, the shipped factor stands, {@code budgets} 0. Deterministic, stateless.
 */
public final class ExtrapolationFit {

    private static final int LEAST_RUNS = 6;
    private static final int LEAST_GROUPS = 3;
    private static final int LEAST_RUNS_OF_CUT = 9;
    private static final int MOST_CUTS = 5;
    private static final int MOST_AHEAD = 4;
    private static final double MOST_SQUARE = 25;
    private static final int PRIOR_BUDGETS = 3;
    private static final double PRIOR_FACTOR = 1.75;
    private static final double SHARES_PRIOR = 1;

    private final LawPoints points;
    private final FitOptions options;
    private final BudgetGroups groups;
    private final double[] logFlops;
    private final SortedMap<Integer, LawPair> pairs = new TreeMap<>();

    private ExtrapolationFit(LawPoints points, FitOptions options) {
        this.points = points;
        this.options = options;
        groups = BudgetGroups.of(points);
        logFlops = new double[groups.count()];
        for (int g = 0; g < logFlops.length; g++) {
            logFlops[g] = Arrays.stream(groups.between(g, g + 1))
                    .mapToDouble(
                            i -> Math.log(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * points.params(i) * points.tokens(i)))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** From {@code points}, one a run, of any weights. */
    public static Outcome<Extrapolation> of(LawPoints points, FitOptions options) {
        if (points.size() < LEAST_RUNS) {
            return Outcome.refused(points.size() + " runs: a forecast beyond the data needs at least " + LEAST_RUNS);
        }
        return new ExtrapolationFit(points, options).calibrated();
    }

    /** Without the top {@code budgets} groups, asked of them, with {@code level} intervals of a run. */
    public static Outcome<HoldOut> holdOut(LawPoints points, FitOptions options, int budgets, double level) {
        BudgetGroups groups = BudgetGroups.of(points);
        int cut = groups.count() - budgets;
        if (budgets < 1 || cut < 1) {
            return Outcome.refused(HoldOut.cannot(groups.count(), budgets));
        }
        Outcome<Extrapolation> fit = of(points.select(groups.between(0, cut)), options);
        if (fit instanceof Outcome.Found<Extrapolation> found) {
            LawPoints held = points.select(groups.between(cut, groups.count()));
            return Outcome.found(
                    HoldOut.of(budgets, groups.ratio(cut - 1, groups.count() - 1), held, found.value(), level));
        }
        return Outcome.refused(((Outcome.Refused<Extrapolation>) fit).reason());
    }

    private Outcome<Extrapolation> calibrated() {
        int top = groups.count();
        LawPair pair = pair(top);
        if (pair == null) {
            return Outcome.refused("no law fits well enough to be carried beyond the data");
        }
        for (int cut = top - 1; cut >= LEAST_GROUPS && pairs.size() < MOST_CUTS; cut--) {
            LawPair smaller = groups.between(0, cut).length >= LEAST_RUNS_OF_CUT ? pair(cut) : null;
            if (smaller == null) {
                break;
            }
            pairs.put(cut, smaller);
        }
        SortedMap<Integer, Mean> squares = new TreeMap<>();
        pairs.forEach((cut, smaller) -> {
            Extrapolation asked = smaller.extrapolation(share(cut), logFlops[cut - 1], 1, 1, 0);
            for (int g = cut; g < Math.min(top, cut + MOST_AHEAD); g++) {
                squares.computeIfAbsent(g, absent -> new Mean()).add(meanSquare(asked, g));
            }
        });
        int budgets = squares.size();
        double sum = PRIOR_BUDGETS * PRIOR_FACTOR * PRIOR_FACTOR;
        for (Mean mean : squares.values()) {
            sum += mean.value();
        }
        double factor = Math.sqrt(sum / (PRIOR_BUDGETS + budgets));
        return Outcome.found(
                pair.extrapolation(share(top), logFlops[top - 1], factor, PRIOR_BUDGETS + budgets, budgets));
    }

    private @Nullable LawPair pair(int cut) {
        int[] indices = groups.between(0, cut);
        int[] group = Arrays.stream(indices).map(groups::of).toArray();
        return LawPair.of(points.select(indices), group, options);
    }

    private double meanSquare(Extrapolation asked, int g) {
        Mean mean = new Mean();
        for (int i : groups.between(g, g + 1)) {
            double residual = Math.log(points.loss(i)) - asked.logLoss(points.params(i), points.tokens(i));
            double z = residual / asked.sdLogRun(points.params(i), points.tokens(i));
            mean.add(Math.min(MOST_SQUARE, z * z));
        }
        return mean.value();
    }

    /** Share of the second law at a cut, from what earlier cuts said of groups before it. */
    private double share(int cut) {
        SortedMap<Integer, Mean> across = new TreeMap<>();
        SortedMap<Integer, Mean> apart = new TreeMap<>();
        for (Map.Entry<Integer, LawPair> earlier : pairs.headMap(cut).entrySet()) {
            int from = earlier.getKey();
            for (int g = from; g < Math.min(cut, from + MOST_AHEAD); g++) {
                Mean product = new Mean();
                Mean square = new Mean();
                Mean size = new Mean();
                for (int i : groups.between(g, g + 1)) {
                    double a = LawHuber.residual(earlier.getValue().first(), points, i);
                    double b = LawHuber.residual(earlier.getValue().second(), points, i);
                    product.add(a * (a - b));
                    square.add((a - b) * (a - b));
                    size.add(a * a + b * b);
                }
                double h = size.value() + 1e-12;
                across.computeIfAbsent(g, absent -> new Mean()).add(product.value() / h);
                apart.computeIfAbsent(g, absent -> new Mean()).add(square.value() / h);
            }
        }
        double numerator = 0.5 * SHARES_PRIOR;
        double denominator = SHARES_PRIOR;
        for (Mean mean : across.values()) {
            numerator += mean.value();
        }
        for (Mean mean : apart.values()) {
            denominator += mean.value();
        }
        return Math.max(0, Math.min(1, numerator / denominator));
    }

    /** A running mean. */
    private static final class Mean {
        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        double value() {
            return sum / count;
        }
    }
}
