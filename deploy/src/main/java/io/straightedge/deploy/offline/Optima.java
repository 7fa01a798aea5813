package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.Bounds;
import io.straightedge.deploy.offline.FitReport.Intervals;
import io.straightedge.deploy.offline.FitReport.Optimum;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.CurveLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.law.Variable;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.predict.Recommendations;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The best split of each budget, with intervals as a live study gets them, or from resamples. */
final class Optima {

    private Optima() {}

    /**
     * For the budgets of the estimate; of a law of compute alone only the loss, of one of N or of D nothing.
     *
     * @param draws laws of resamples; empty where none were asked for
     */
    static List<Optimum> of(LawEstimate estimate, List<SurfaceLaw> draws) {
        if (estimate.law() instanceof CurveLaw curve && curve.variable() == Variable.COMPUTE) {
            return estimate.budgetsFlops().stream()
                    .map(flops -> lossOnly(curve, flops, flops / Recommendations.largestBudget(estimate)))
                    .toList();
        }
        if (!(estimate.law() instanceof SurfaceLaw law)) {
            return List.of();
        }
        Set<String> known = Set.copyOf(estimate.diagnostics());
        return Recommendations.of(estimate).stream()
                .map(recommendation -> optimum(law, recommendation, draws, known, estimate.extrapolation() != null))
                .toList();
    }

    private static Optimum optimum(
            SurfaceLaw law,
            Recommendation recommendation,
            List<SurfaceLaw> draws,
            Set<String> known,
            boolean calibrated) {
        Allocation best = law.optimum(recommendation.budgetFlops());
        return new Optimum(
                best.flops(),
                best.params(),
                best.tokens(),
                best.tokensPerParam(),
                best.loss(),
                recommendation.loss(),
                draws.isEmpty() ? stated(recommendation) : bootstrap(draws, best.flops()),
                draws.isEmpty() ? (calibrated ? "calibration" : "covariance") : "bootstrap",
                recommendation.extrapolation(),
                recommendation.caveats().stream()
                        .filter(caveat -> !known.contains(caveat))
                        .toList());
    }

    private static Optimum lossOnly(CurveLaw law, double flops, double extrapolation) {
        return new Optimum(
                flops,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                law.lossAt(flops),
                null,
                new Intervals(Bounds.UNKNOWN, Bounds.UNKNOWN, Bounds.UNKNOWN, Bounds.UNKNOWN),
                "none",
                extrapolation,
                List.of("a law of compute alone does not say how to split it"));
    }

    private static Intervals stated(Recommendation recommendation) {
        return new Intervals(
                Bounds.of(recommendation.params()),
                Bounds.of(recommendation.tokens()),
                Bounds.of(recommendation.tokensPerParam()),
                Bounds.of(recommendation.loss()));
    }

    private static Intervals bootstrap(List<SurfaceLaw> draws, double flops) {
        List<Allocation> optima = draws.stream().map(law -> law.optimum(flops)).toList();
        return new Intervals(
                bounds(optima, Allocation::params),
                bounds(optima, Allocation::tokens),
                bounds(optima, Allocation::tokensPerParam),
                bounds(optima, Allocation::loss));
    }

    private static Bounds bounds(List<Allocation> optima, ToDoubleFunction<Allocation> of) {
        return Bounds.of(new Quantiles(optima.stream().mapToDouble(of).toArray()).interval());
    }
}
