package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.signal.Interval;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fitted law as people compare laws: by G, the exponents and E, which the data identify, and by L_opt(C).
 *
 * @param scaleG G in N* = G (C/6)^a; null where the law is not Chinchilla's
 * @param exponentOfParams a, or for laws whose exponent varies that at the largest budget among the runs
 * @param exponentOfTokens 1 - a
 * @param irreducible E, nats per token
 * @param alpha exponent of N; null where the law is not Chinchilla's
 * @param beta exponent of D; null where the law is not Chinchilla's
 * @param scatter relative standard deviation of runs about the law
 * @param frontier L_opt(C), log-spaced from a third of the least budget in the data to the largest one asked for
 */
public record LawSummary(
        @Nullable Interval scaleG,
        Interval exponentOfParams,
        Interval exponentOfTokens,
        Interval irreducible,
        @Nullable Interval alpha,
        @Nullable Interval beta,
        double scatter,
        List<FrontierPoint> frontier) {

    private static final int FRONTIER_POINTS = 49;

    /** Where an exponent is taken when no run says where. */
    private static final double USUAL_FLOPS = 1e21;

    /** Places in the Chinchilla law's order (a, b, e, alpha, beta). */
    private static final int E = 2;

    private static final int ALPHA = 3;
    private static final int BETA = 4;

    /**
     * The best loss that a budget can buy.
     *
     * @param loss of the law itself, without the scatter of runs
     */
    public record FrontierPoint(double flops, double params, double tokens, Interval loss) {}

    public LawSummary {
        frontier = List.copyOf(frontier);
    }

    /** Null when there is no law. */
    public static @Nullable LawSummary of(LawEstimate estimate) {
        LawSpread spread = LawSpread.of(estimate);
        if (spread == null) {
            return null;
        }
        ChinchillaLaw chinchilla = spread.law() instanceof ChinchillaLaw law ? law : null;
        double largest = Recommendations.largestBudget(estimate);
        Interval a = spread.exponentOfParams(largest > 0 ? largest : USUAL_FLOPS);
        double floor = spread.law().irreducible();
        return new LawSummary(
                chinchilla == null ? null : spread.scaleG(chinchilla),
                a,
                new Interval(1 - a.value(), 1 - a.upper80(), 1 - a.lower80(), 1 - a.upper95(), 1 - a.lower95()),
                chinchilla == null
                        ? new Interval(floor, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
                        : spread.ofLog(floor, E),
                chinchilla == null ? null : spread.of(chinchilla.alpha(), ALPHA),
                chinchilla == null ? null : spread.of(chinchilla.beta(), BETA),
                spread.scatter(),
                frontier(estimate, spread));
    }

    private static List<FrontierPoint> frontier(LawEstimate estimate, LawSpread spread) {
        double largest = Recommendations.largestBudget(estimate);
        double least = estimate.points().stream()
                .filter(point -> point.weight() > 0)
                .mapToDouble(point -> 6 * point.params() * point.tokens())
                .min()
                .orElse(Double.NaN);
        double end = estimate.budgetsFlops().stream()
                .mapToDouble(Double::doubleValue)
                .reduce(100 * largest, Math::max);
        if (!(least > 0) || !Double.isFinite(end)) {
            return List.of();
        }
        double from = Math.log(least / 3);
        double to = Math.log(end);
        List<FrontierPoint> points = new ArrayList<>();
        for (int i = 0; i < FRONTIER_POINTS; i++) {
            double flops = Math.exp(from + (to - from) * i / (FRONTIER_POINTS - 1));
            Allocation best = spread.law().optimum(flops);
            points.add(new FrontierPoint(
                    flops, best.params(), best.tokens(), spread.lawInterval(best.params(), best.tokens())));
        }
        return points;
    }
}
