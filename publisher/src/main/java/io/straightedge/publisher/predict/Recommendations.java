package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.Plans;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Recommendation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a study's law says about budgets. Functions of the law estimate alone. */
public final class Recommendations {

    /** The estimator that speaks for a study when several have a law. */
    private static final String PREFERRED = "chinchilla";

    /** Budgets for a study that names none, as multiples of the largest among its points. */
    private static final double[] DEFAULT_MULTIPLES = {10, 100};

    /** Part of Chinchilla's error on held-out budgets below which another law takes its place. */
    private static final double CLEARLY_BETTER = 0.8;

    /** How much higher than the best a loss may be to count as nearly as good: below the scatter of most ladders. */
    static final double NEAR = 0.001;

    private Recommendations() {}

    /**
     * The law that speaks for a study: Chinchilla's, unless another law of N and D predicted the held-out budgets
     * better by more than a fifth. Without Chinchilla's the first by name that has coefficients, laws of N and D before
     * those of one variable; null when none has.
     *
     * @param laws estimates by name
     */
    public static @Nullable LawEstimate spokesman(SortedMap<String, LawEstimate> laws) {
        LawEstimate preferred = laws.get(PREFERRED);
        if (preferred != null && preferred.law() != null) {
            // Untested laws do not compete: an infinite bound would let any tested one win.
            double bound = preferred.holdOutPercent() == null ? 0 : CLEARLY_BETTER * error(preferred);
            return laws.values().stream()
                    .filter(estimate -> estimate.law() instanceof SurfaceLaw && error(estimate) < bound)
                    .min(Comparator.comparingDouble(Recommendations::error))
                    .orElse(preferred);
        }
        return laws.values().stream()
                .filter(estimate -> estimate.law() != null)
                .min(Comparator.comparing(estimate -> !(estimate.law() instanceof SurfaceLaw)))
                .orElse(null);
    }

    /** On held-out budgets, in percent; infinite when it was not tested. */
    private static double error(LawEstimate estimate) {
        Double percent = estimate.holdOutPercent();
        return percent == null ? Double.POSITIVE_INFINITY : percent;
    }

    /** One for each budget that the study asks for, or for 10 and 100 times its largest; none without a law. */
    public static List<Recommendation> of(LawEstimate estimate) {
        if (estimate.law() == null) {
            return List.of();
        }
        return new TreeSet<>(budgets(estimate))
                .stream()
                        .filter(budget -> budget > 0 && Double.isFinite(budget))
                        .map(budget -> at(estimate, budget))
                        .filter(Objects::nonNull)
                        .toList();
    }

    /** For one budget in FLOPs (&gt; 0, finite); null without a law, or where the law says nothing finite. */
    public static @Nullable Recommendation at(LawEstimate estimate, double budgetFlops) {
        LawSpread spread = LawSpread.of(estimate);
        if (spread == null) {
            return null;
        }
        Allocation optimum = spread.law().optimum(budgetFlops);
        if (!(optimum.params() > 0 && optimum.tokens() > 0)
                || !Double.isFinite(optimum.params())
                || !Double.isFinite(optimum.tokens())) {
            return null;
        }
        double extrapolation = budgetFlops / largestBudget(estimate);
        return new Recommendation(
                estimate.study(),
                estimate.id() + "/" + budgetFlops,
                budgetFlops,
                estimate.name(),
                spread.params(budgetFlops),
                spread.tokens(budgetFlops),
                spread.tokensPerParam(budgetFlops),
                spread.lossInterval(optimum.params(), optimum.tokens()),
                extrapolation,
                caveats(estimate, spread, extrapolation),
                nearOptimal(spread, budgetFlops));
    }

    private static Recommendation.Band nearOptimal(LawSpread spread, double budgetFlops) {
        double[] ends = Plans.paramsWithin(spread.law(), budgetFlops, NEAR);
        return new Recommendation.Band(NEAR, ends[0], ends[1]);
    }

    /** The largest 6ND among the points that carry weight; NaN when there is none. */
    public static double largestBudget(LawEstimate estimate) {
        return estimate.points().stream()
                .filter(point -> point.weight() > 0)
                .mapToDouble(point -> ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * point.params() * point.tokens())
                .max()
                .orElse(Double.NaN);
    }

    /**
     * The largest budget that the study asks for, or would be recommended for if it names none; NaN when there is none.
     */
    static double largestAsked(LawEstimate estimate) {
        return budgets(estimate).stream()
                .mapToDouble(Double::doubleValue)
                .filter(budget -> budget > 0 && Double.isFinite(budget))
                .max()
                .orElse(Double.NaN);
    }

    private static List<Double> budgets(LawEstimate estimate) {
        if (!estimate.budgetsFlops().isEmpty()) {
            return estimate.budgetsFlops();
        }
        double largest = largestBudget(estimate);
        List<Double> budgets = new ArrayList<>();
        for (double multiple : DEFAULT_MULTIPLES) {
            budgets.add(twoDigits(multiple * largest));
        }
        return budgets;
    }

    /** Two significant digits: a budget is a key, and should stay the same while the largest run hardly changes. */
    private static double twoDigits(double flops) {
        return Double.isFinite(flops) ? Double.parseDouble(String.format(Locale.ROOT, "%.1e", flops)) : flops;
    }

    private static List<String> caveats(LawEstimate estimate, LawSpread spread, double extrapolation) {
        List<String> caveats = new ArrayList<>();
        List<LawPoint> used =
                estimate.points().stream().filter(point -> point.weight() > 0).toList();
        if (extrapolation > 1) {
            caveats.add(String.format(
                    Locale.ROOT, "extrapolates: %s times the largest budget in the data", factor(extrapolation)));
        }
        if (estimate.budgetsFlops().isEmpty()) {
            caveats.add("the study names no budgets: 10 and 100 times its largest are shown");
        }
        if (estimate.points().isEmpty()) {
            caveats.add("the law came without its runs: how far this extrapolates is not known");
        } else if (used.size() < 8) {
            caveats.add("few runs: the law rests on " + used.size());
        }
        long forecasts = used.stream().filter(point -> !point.finished()).count();
        if (forecasts > 0) {
            caveats.add(forecasts + " of " + used.size() + " points are forecasts of runs that have not finished");
        }
        addSpans(used, caveats);
        if (!spread.known()) {
            caveats.add("the law has no covariance: the intervals are unknown");
        }
        caveats.addAll(estimate.diagnostics());
        return caveats;
    }

    private static void addSpans(List<LawPoint> used, List<String> caveats) {
        Map<String, Double> spans = Map.of(
                "N",
                span(used.stream().mapToDouble(LawPoint::params).toArray()),
                "D",
                span(used.stream().mapToDouble(LawPoint::tokens).toArray()));
        for (String name : List.of("N", "D")) {
            if (Objects.requireNonNull(spans.get(name)) < 10) {
                caveats.add(String.format(
                        Locale.ROOT,
                        "%s spans only a factor of %s: its exponent is weakly determined",
                        name,
                        factor(Objects.requireNonNull(spans.get(name)))));
            }
        }
    }

    private static double span(double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (double value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return values.length == 0 ? Double.POSITIVE_INFINITY : most / least;
    }

    private static String factor(double value) {
        return value >= 10 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.1f", value);
    }
}
