package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecommendationsTest {

    /** Draws are this much closer to the centre: the delta method is the first order of a smooth function. */
    private static final double SMALL = 0.05;

    private static final List<LawPoint> POINTS = Sample.points(0, 44e6, 90e6, 175e6, 350e6, 760e6, 1.3e9);

    @Test
    void at_publishedLaw_givesThePublishedOptimum() {
        Recommendation recommendation = at(Sample.law("s", 1, POINTS, List.of()), 5.76e23);

        assertThat(recommendation.params().value()).isCloseTo(7.225e10, within(1e8));
        assertThat(recommendation.tokens().value()).isCloseTo(1.3287e12, within(1e9));
        assertThat(recommendation.loss().value()).isCloseTo(1.97444, within(5e-5));
        assertThat(recommendation.params().value() * recommendation.tokens().value() * 6)
                .isCloseTo(5.76e23, withinPercentage(1e-9));
    }

    @Test
    void at_deltaMethod_agreesWithDrawsOfTheCoefficients() {
        LawEstimate estimate = Sample.law("s", 1, POINTS, List.of());
        double budget = 1e21;
        long seed = 20240415;
        double[][] draws = draws(estimate, budget, 40_000, seed);
        double half80 = StudentQuantiles.of(POINTS.size() - 5).half80();
        Recommendation recommendation = at(estimate, budget);

        assertThat(Math.log(recommendation.params().upper80()
                                / recommendation.params().value())
                        / half80)
                .as("seed %d", seed)
                .isCloseTo(deviation(draws[0]), within(0.02 * deviation(draws[0])));
        assertThat(Math.log(recommendation.tokensPerParam().upper80()
                                / recommendation.tokensPerParam().value())
                        / half80)
                .isCloseTo(deviation(draws[1]), within(0.02 * deviation(draws[1])));
        double scatter = recommendation.loss().value()
                * Objects.requireNonNull(LawSpread.of(estimate)).scatter();
        double loss = (recommendation.loss().upper80() - recommendation.loss().value()) / half80;
        assertThat(Math.sqrt(loss * loss - scatter * scatter))
                .isCloseTo(deviation(draws[2]), within(0.02 * deviation(draws[2])));
    }

    @Test
    void at_anyBudget_intervalsAreNestedAndReciprocal() {
        LawEstimate estimate = Sample.law("s", 1, POINTS, List.of());
        for (double budget : new double[] {1e18, 1e20, 5.76e23, 1e26}) {
            Recommendation one = at(estimate, budget);
            for (Interval interval : List.of(one.params(), one.tokens(), one.tokensPerParam(), one.loss())) {
                assertThat(interval.lower95()).isLessThan(interval.lower80());
                assertThat(interval.lower80()).isLessThan(interval.value());
                assertThat(interval.value()).isLessThan(interval.upper80());
                assertThat(interval.upper80()).isLessThan(interval.upper95());
            }
            assertThat(6 * one.params().upper95() * one.tokens().lower95()).isCloseTo(budget, within(budget * 1e-9));
        }
    }

    @Test
    void of_namedBudgets_givesEachOnceInOrderWithStableIds() {
        LawEstimate estimate = Sample.law("s", 4, POINTS, List.of(1e22, 1e21, 1e22));

        List<Recommendation> recommendations = Recommendations.of(estimate);

        assertThat(recommendations).extracting(Recommendation::budgetFlops).containsExactly(1e21, 1e22);
        assertThat(recommendations)
                .extracting(Recommendation::id)
                .containsExactly("s/chinchilla/4/1.0E21", "s/chinchilla/4/1.0E22");
        assertThat(Recommendations.of(estimate)).isEqualTo(recommendations);
    }

    @Test
    void of_noBudgets_givesTenAndAHundredTimesTheLargestAndSaysSo() {
        List<Recommendation> recommendations = Recommendations.of(Sample.law("s", 1, POINTS, List.of()));

        double largest = 6 * 1.3e9 * 40 * 1.3e9;
        assertThat(recommendations).hasSize(2);
        assertThat(recommendations.get(0).extrapolation()).isCloseTo(10, within(0.5));
        assertThat(recommendations.get(1).budgetFlops()).isCloseTo(100 * largest, within(5 * largest));
        assertThat(recommendations.get(0).caveats()).anyMatch(caveat -> caveat.contains("names no budgets"));
    }

    @Test
    void at_healthyLadderWithinItsData_hasNoCaveat() {
        assertThat(at(Sample.law("s", 1, POINTS, List.of(1e20)), 1e20).caveats())
                .isEmpty();
    }

    @Test
    void at_weakLadder_saysWhatSpeaksAgainstIt() {
        List<LawPoint> weak = Sample.points(2, 44e6, 90e6);
        LawEstimate doubted = withDiagnostics(Sample.law("s", 1, weak, List.of(1e21)), List.of("E is at its bound"));

        List<String> caveats = at(doubted, 1e21).caveats();

        assertThat(caveats).anyMatch(caveat -> caveat.startsWith("extrapolates: "));
        assertThat(caveats).contains("few runs: the law rests on 6");
        assertThat(caveats).contains("2 of 6 points are forecasts of runs that have not finished");
        assertThat(caveats).anyMatch(caveat -> caveat.startsWith("N spans only a factor of 2.0"));
        assertThat(caveats).contains("E is at its bound");
    }

    @Test
    void at_noCovariance_givesValuesWithUnknownIntervalsAndSaysSo() {
        LawEstimate unknown = withoutCovariance(Sample.law("s", 1, POINTS, List.of()));

        Recommendation recommendation = at(unknown, 1e20);

        assertThat(recommendation.params().value()).isPositive();
        assertThat(recommendation.params().upper80()).isNaN();
        assertThat(recommendation.caveats()).contains("the law has no covariance: the intervals are unknown");
    }

    @Test
    void of_refusal_givesNothing() {
        assertThat(Recommendations.of(Sample.noLaw("s"))).isEmpty();
        assertThat(Recommendations.at(Sample.noLaw("s"), 1e20)).isNull();
        assertThat(LawSummary.of(Sample.noLaw("s"))).isNull();
    }

    @Test
    void spokesman_severalLaws_prefersTheOneThatHasCoefficients() {
        LawEstimate refusal = Sample.noLaw("s");
        LawEstimate other = Sample.law("s", 1, POINTS, List.of());

        assertThat(Recommendations.spokesman(new TreeMap<>(Map.of("chinchilla", refusal, "kaplan", other))))
                .isSameAs(other);
        assertThat(Recommendations.spokesman(new TreeMap<>(Map.of("a", other, "chinchilla", other))))
                .isSameAs(other);
        assertThat(Recommendations.spokesman(new TreeMap<>(Map.of("chinchilla", refusal))))
                .isNull();
    }

    @Test
    void summary_ofALadder_holdsTheTruthAndAFallingFrontier() {
        LawSummary summary = Objects.requireNonNull(LawSummary.of(Sample.law("s", 1, POINTS, List.of(5.76e23))));

        assertThat(Objects.requireNonNull(summary.scaleG()).value()).isCloseTo(0.119630, within(2e-3));
        assertThat(summary.exponentOfParams().value()).isCloseTo(0.512612, within(1e-5));
        assertThat(summary.exponentOfTokens().lower95())
                .isLessThan(summary.exponentOfTokens().value());
        assertThat(summary.frontier())
                .extracting(point -> -point.loss().value())
                .isSorted();
        assertThat(summary.frontier().get(summary.frontier().size() - 1).flops())
                .isCloseTo(5.76e23, withinPercentage(1e-9));
    }

    private static Recommendation at(LawEstimate estimate, double budget) {
        return Objects.requireNonNull(Recommendations.at(estimate, budget));
    }

    static LawEstimate withoutCovariance(LawEstimate known) {
        return new LawEstimate(
                known.study(),
                known.name(),
                known.id(),
                known.sequence(),
                known.revision(),
                known.law(),
                List.of(),
                Map.of(),
                known.objective(),
                known.gradientNorm(),
                known.condition(),
                known.paramsCount(),
                known.points(),
                List.of(),
                List.of(),
                Map.of(),
                known.sigma(),
                List.of(),
                null,
                null);
    }

    private static LawEstimate withDiagnostics(LawEstimate known, List<String> diagnostics) {
        return new LawEstimate(
                known.study(),
                known.name(),
                known.id(),
                known.sequence(),
                known.revision(),
                known.law(),
                known.covariance(),
                Map.of(),
                known.objective(),
                known.gradientNorm(),
                known.condition(),
                known.paramsCount(),
                known.points(),
                known.budgetsFlops(),
                diagnostics,
                Map.of(),
                known.sigma(),
                List.of(),
                null,
                null);
    }

    /** log N*, log D/N and L(N*, D*) at the drawn coefficients, the last at the true optimum's N and D. */
    private static double[][] draws(LawEstimate estimate, double budget, int count, long seed) {
        double[][] root = cholesky(estimate.covariance());
        ChinchillaLaw law = Sample.LAW;
        double[] centre = {Math.log(law.A()), Math.log(law.B()), Math.log(law.E()), law.alpha(), law.beta()};
        Allocation best = law.optimum(budget);
        Random random = new Random(seed);
        double[][] out = new double[3][count];
        for (int draw = 0; draw < count; draw++) {
            double[] normal = IntStream.range(0, 5)
                    .mapToDouble(i -> random.nextGaussian())
                    .toArray();
            double[] theta = centre.clone();
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j <= i; j++) {
                    theta[i] += SMALL * root[i][j] * normal[j];
                }
            }
            ChinchillaLaw drawn = ChinchillaLaw.ofLogs(
                    theta[0], theta[1], theta[2], Math.max(0.01, theta[3]), Math.max(0.01, theta[4]));
            Allocation optimum = drawn.optimum(budget);
            out[0][draw] = Math.log(optimum.params());
            out[1][draw] = Math.log(optimum.tokensPerParam());
            out[2][draw] = drawn.loss(best.params(), best.tokens());
        }
        return out;
    }

    static double[][] cholesky(List<List<Double>> matrix) {
        double[][] root = new double[5][5];
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix.get(i).get(j);
                for (int k = 0; k < j; k++) {
                    sum -= root[i][k] * root[j][k];
                }
                root[i][j] = i == j ? Math.sqrt(Math.max(0, sum)) : sum / root[j][j];
            }
        }
        return root;
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .average()
                        .orElseThrow())
                / SMALL;
    }
}
