package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.KaplanLaw;
import io.straightedge.publisher.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BeliefTest {

    private static final List<LawPoint> RUNS = Sample.points(4, 44e6, 90e6, 175e6, 350e6);
    private static final double SIGMA = 0.003;
    private static final Basin VAGUE = VaguePrior.of(new Basin(1, Sample.LAW, zeros(5)), RUNS);

    @Test
    void covariance_withoutDrift_isThatOfPenalisedLeastSquares() {
        Belief belief = new Belief(VAGUE, Drift.NONE, RUNS, SIGMA);
        List<List<Double>> left = leastSquares();
        for (double[] size : new double[][] {{1e8, 3e9}, {7e9, 1.4e11}, {3e7, 1e12}}) {
            double[] slope = slope(size[0], size[1]);
            double[] other = slope(2e9, 2e10);

            assertThat(belief.covariance(belief.at(size[0], size[1]), belief.at(2e9, 2e10)))
                    .isCloseTo(Basin.form(left, slope, other), within(1e-9));
        }
    }

    @Test
    void covariance_exactLawWithDrift_isThatOfOneCorrelatedNormal() {
        Basin certain = new Basin(1, Sample.LAW, zeros(5));
        Belief belief = new Belief(certain, new Drift(0.01, 2), List.of(run(1e8, 2e9, 1)), SIGMA);
        Belief.Place far = belief.at(1e8 * Math.exp(2), 2e9 * Math.exp(2));

        double shared = 1e-4 * Math.exp(-1);
        assertThat(belief.covariance(far, far))
                .isCloseTo(1e-4 - shared * shared / (1e-4 + SIGMA * SIGMA), withinPercentage(1e-9));
    }

    @Test
    void covariance_driftOfEndlessReach_isOneConstantMore() {
        Basin certain = new Basin(1, Sample.LAW, zeros(5));
        Belief belief = new Belief(certain, new Drift(0.01, 1e6), RUNS.subList(0, 5), SIGMA);
        Belief.Place anywhere = belief.at(1e11, 1e13);

        // A normal mean of variance s^2 after five observations of variance sigma^2.
        assertThat(belief.covariance(anywhere, anywhere))
                .isCloseTo(1 / (1 / 1e-4 + 5 / (SIGMA * SIGMA)), withinPercentage(1e-3));
    }

    @Test
    void covariance_runsOfHalfTheWeight_countHalf() {
        Belief.Place[] place = new Belief.Place[2];
        double[] variance = new double[2];
        List<List<LawPoint>> halves =
                List.of(List.of(run(1e8, 2e9, 0.5), run(1e8, 2e9, 0.5)), List.of(run(1e8, 2e9, 1)));
        for (int i = 0; i < 2; i++) {
            Belief belief = new Belief(VAGUE, Drift.USUAL, halves.get(i), SIGMA);
            place[i] = belief.at(7e9, 1.4e11);
            variance[i] = belief.covariance(place[i], place[i]);
        }

        assertThat(variance[0]).isCloseTo(variance[1], withinPercentage(1e-6));
    }

    @Test
    void covariance_runsInAnotherOrder_isTheSame() {
        long seed = 3;
        List<LawPoint> shuffled = new ArrayList<>(RUNS);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(atTarget(new Belief(VAGUE, Drift.USUAL, shuffled, SIGMA)))
                .as("seed %d", seed)
                .isCloseTo(atTarget(new Belief(VAGUE, Drift.USUAL, RUNS, SIGMA)), withinPercentage(1e-9));
    }

    @Test
    void covariance_moreRuns_neverRises() {
        double before = Double.POSITIVE_INFINITY;
        for (int count = 0; count <= RUNS.size(); count++) {
            double variance = atTarget(new Belief(VAGUE, Drift.USUAL, RUNS.subList(0, count), SIGMA));
            assertThat(variance).isPositive().isLessThanOrEqualTo(before * (1 + 1e-9));
            before = variance;
        }
    }

    @Test
    void covariance_thousandsOfRuns_staysFiniteAndPositive() {
        List<LawPoint> many = IntStream.range(0, 2000)
                .mapToObj(i -> run(5e7 * (1 + i % 40), 1e9 * (1 + i % 37), 1))
                .toList();

        assertThat(atTarget(new Belief(VAGUE, Drift.USUAL, many, SIGMA))).isPositive();
    }

    @Test
    void expectedDrop_endlessSmallRuns_cannotMakeUpForDrift() {
        List<LawPoint> small = IntStream.range(0, 300)
                .mapToObj(i -> run(5e7 * (1 + i % 4), 1e9 * (1 + i % 5), 1))
                .toList();
        Target target = new Target.Run(7e9, 1.4e11);
        ExpectedDrop exact = new ExpectedDrop(List.of(VAGUE), Drift.NONE, small, target, SIGMA);
        ExpectedDrop drifting = new ExpectedDrop(List.of(VAGUE), Drift.USUAL, small, target, SIGMA);

        assertThat(drifting.variance()).isGreaterThan(2 * exact.variance());
        assertThat(drifting.of(2e9, 4e10) / drifting.of(1.5e8, 3e9))
                .isGreaterThan(2 * exact.of(2e9, 4e10) / exact.of(1.5e8, 3e9));
    }

    @Test
    void vaguePrior_chinchilla_doesNotDependOnUnits() {
        List<LawPoint> inBillions = RUNS.stream()
                .map(run -> run(run.params() / 1e9, run.tokens() / 1e9, run.weight()))
                .toList();
        ChinchillaLaw law = new ChinchillaLaw(
                Sample.LAW.E(),
                Sample.LAW.A() * Math.pow(1e9, -Sample.LAW.alpha()),
                Sample.LAW.B() * Math.pow(1e9, -Sample.LAW.beta()),
                Sample.LAW.alpha(),
                Sample.LAW.beta());
        Belief scaled =
                new Belief(VaguePrior.of(new Basin(1, law, zeros(5)), inBillions), Drift.USUAL, inBillions, SIGMA);
        Belief.Place target = scaled.at(7, 140);

        assertThat(scaled.covariance(target, target))
                .isCloseTo(atTarget(new Belief(VAGUE, Drift.USUAL, RUNS, SIGMA)), withinPercentage(1e-6));
    }

    @Test
    void vaguePrior_anotherLaw_isWorthOneOfItsRuns() {
        KaplanLaw law = new KaplanLaw(8.8e13, 5.4e13, 0.076, 0.095);
        Basin known = new Basin(0.5, law, ExpectedDropTest.scaled(identity(4), 1e-4));

        Basin prior = VaguePrior.of(known, RUNS);

        assertThat(prior.weight()).isEqualTo(0.5);
        assertThat(prior.covariance().get(2).get(2)).isCloseTo(RUNS.size() * 1e-4, within(1e-15));
    }

    @Test
    void drift_nonsense_isRefused() {
        assertThatThrownBy(() -> new Drift(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Drift(0.01, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Drift(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double atTarget(Belief belief) {
        Belief.Place target = belief.at(7e9, 1.4e11);
        return belief.covariance(target, target);
    }

    /** (J'WJ/sigma^2 + prior^-1)^-1, the prior as five observations of independent combinations of theta. */
    private static List<List<Double>> leastSquares() {
        double params = mean(true);
        double tokens = mean(false);
        NormalMatrix normal = new NormalMatrix(5);
        normal.add(new double[] {1, 0, 0, -params, 0}, 1 / 9.0);
        normal.add(new double[] {0, 1, 0, 0, -tokens}, 1 / 9.0);
        normal.add(new double[] {0, 0, 1, 0, 0}, 1 / 0.09);
        normal.add(new double[] {0, 0, 0, 1, 0}, 1 / 0.04);
        normal.add(new double[] {0, 0, 0, 0, 1}, 1 / 0.04);
        for (LawPoint run : RUNS) {
            normal.add(slope(run.params(), run.tokens()), run.weight() / (SIGMA * SIGMA));
        }
        return Objects.requireNonNull(normal.inverse(1));
    }

    private static double mean(boolean params) {
        return RUNS.stream()
                .mapToDouble(run -> Math.log(params ? run.params() : run.tokens()))
                .average()
                .orElseThrow();
    }

    private static double[] slope(double params, double tokens) {
        double[] slope = new double[5];
        Sample.LAW.gradient(params, tokens, slope);
        double loss = Sample.LAW.loss(params, tokens);
        for (int i = 0; i < 5; i++) {
            slope[i] /= loss;
        }
        return slope;
    }

    private static LawPoint run(double params, double tokens, double weight) {
        return new LawPoint("run", params, tokens, Sample.LAW.loss(params, tokens), weight, true);
    }

    private static List<List<Double>> zeros(int size) {
        return Collections.nCopies(size, Collections.nCopies(size, 0.0));
    }

    private static List<List<Double>> identity(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> IntStream.range(0, size)
                        .mapToObj(j -> i == j ? 1.0 : 0.0)
                        .toList())
                .toList();
    }
}
