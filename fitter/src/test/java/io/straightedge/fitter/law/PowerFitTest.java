package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.PowerLaw;
import io.straightedge.protocol.law.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

class PowerFitTest {

    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final PowerFit BY_PARAMS = new PowerFit(Variable.PARAMS);
    /** Kaplan's L(N). */
    private static final PowerLaw KAPLAN_N = new PowerLaw(Variable.PARAMS, 8.8e13, 0.076);

    private static PowerLaw law(LawFit fit) {
        return (PowerLaw) fit.law();
    }

    /** Sizes from 1e6 to 1e9, all on the same tokens, with log noise. */
    private static double[][] sizes(int n, double noise, Random random) {
        double[][] c = new double[3][n];
        for (int i = 0; i < n; i++) {
            c[0][i] = 1e6 * Math.pow(1e3, i / (n - 1.0));
            c[1][i] = 1e11;
            c[2][i] = KAPLAN_N.lossAt(c[0][i]) * Math.exp(noise * random.nextGaussian());
        }
        return c;
    }

    private static LawPoints points(double[][] c) {
        return LawPoints.of(c[0], c[1], c[2]);
    }

    @Test
    void fit_kaplansLaws_recoversTheirConstants() {
        double[] x = IntStream.range(0, 12)
                .mapToDouble(i -> Math.pow(10, 6 + 0.3 * i))
                .toArray();
        double[] far = new double[12];
        Arrays.fill(far, 1e14);
        double[] loss = Arrays.stream(x).map(KAPLAN_N::lossAt).toArray();
        LawFit fit = Found.in(BY_PARAMS.fit(LawPoints.of(x, far, loss), OPTIONS));
        assertThat(fit.estimator()).isEqualTo("kaplan-n");
        assertThat(law(fit).scale()).isCloseTo(8.8e13, within(8.8e13 * 1e-9));
        assertThat(law(fit).exponent()).isCloseTo(0.076, within(1e-12));
        assertThat(fit.certificate().certified()).isTrue();
        assertThat(fit.diagnostics())
                .containsExactly("no irreducible loss: far enough out the law promises a loss of 0");

        PowerLaw ofTokens = new PowerLaw(Variable.TOKENS, 5.4e13, 0.095);
        loss = Arrays.stream(x).map(ofTokens::lossAt).toArray();
        fit = Found.in(new PowerFit(Variable.TOKENS).fit(LawPoints.of(far, x, loss), OPTIONS));
        assertThat(fit.estimator()).isEqualTo("kaplan-d");
        assertThat(law(fit).scale()).isCloseTo(5.4e13, within(5.4e13 * 1e-9));

        double scale = 1.6e7 * 8.64e19;
        PowerLaw ofCompute = new PowerLaw(Variable.COMPUTE, scale, 0.057);
        double[] square = Arrays.stream(x).map(n -> 20 * n).toArray();
        loss = IntStream.range(0, 12)
                .mapToDouble(i -> ofCompute.loss(x[i], square[i]))
                .toArray();
        fit = Found.in(new PowerFit(Variable.COMPUTE).fit(LawPoints.of(x, square, loss), OPTIONS));
        assertThat(fit.estimator()).isEqualTo("kaplan-c");
        assertThat(law(fit).scale()).isCloseTo(scale, within(scale * 1e-9));
    }

    /** A bound beyond every residual leaves least squares. */
    @Test
    void fit_wideBound_isLeastSquares() {
        double[][] c = sizes(20, 0.02, new Random(21));
        SimpleRegression peer = new SimpleRegression();
        IntStream.range(0, 20).forEach(i -> peer.addData(Math.log(c[0][i]), Math.log(c[2][i])));
        LawFit fit = Found.in(BY_PARAMS.fit(points(c), OPTIONS.withDelta(10)));
        assertThat(law(fit).exponent()).as("seed 21").isCloseTo(-peer.getSlope(), within(1e-12));
        double scale = -peer.getIntercept() / peer.getSlope();
        assertThat(Math.log(law(fit).scale())).isCloseTo(scale, within(1e-9));
        assertThat(fit.objective()).isCloseTo(0.5 * peer.getSumSquaredErrors(), within(1e-12));
    }

    /** A bound near 0 leaves least absolute deviations, whose optimum passes through two of the points. */
    @Test
    void fit_narrowBound_isTheBestLineThroughTwoPoints() {
        Random random = new Random(22);
        for (int trial = 0; trial < 20; trial++) {
            double[][] c = sizes(15, 0.02, random);
            double delta = 1e-5;
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < 15; i++) {
                for (int j = 0; j < i; j++) {
                    double slope = Math.log(c[2][i] / c[2][j]) / Math.log(c[0][i] / c[0][j]);
                    double sum = 0;
                    for (int k = 0; k < 15; k++) {
                        sum += Math.abs(Math.log(c[2][k] / c[2][i]) - slope * Math.log(c[0][k] / c[0][i]));
                    }
                    best = Math.min(best, sum);
                }
            }
            LawFit fit = Found.in(BY_PARAMS.fit(points(c), OPTIONS.withDelta(delta)));
            assertThat(fit.objective() / delta).as("seed 22, trial " + trial).isCloseTo(best, within(15 * delta));
        }
    }

    @Test
    void fit_gradientAtTheOptimum_isZeroAndNoNeighbourIsLower() {
        double[][] c = sizes(30, 0.005, new Random(23));
        LawFit fit = Found.in(BY_PARAMS.fit(points(c), OPTIONS));
        assertThat(fit.certificate().gradientNorm()).as("seed 23").isLessThan(1e-9);
        PowerHuber objective = new PowerHuber(points(c), Variable.PARAMS);
        objective.delta(OPTIONS.delta());
        double[] at =
                objective.coordinates(fit.theta().stream().mapToDouble(t -> t).toArray());
        assertThat(objective.value(at)).isCloseTo(fit.objective(), within(1e-15));
        for (int k = 0; k < 8; k++) {
            double[] near = {at[0] + 1e-5 * Math.cos(k), at[1] + 1e-5 * Math.sin(k)};
            assertThat(objective.value(near)).isGreaterThanOrEqualTo(fit.objective());
        }
    }

    @Test
    void derivatives_againstCentralDifferences_agree() {
        PowerHuber objective = new PowerHuber(points(sizes(30, 0.005, new Random(24))), Variable.PARAMS);
        objective.delta(0.004);
        double[] x = {1.05, 0.07};
        double[] gradient = new double[2];
        double[][] hessian = new double[2][2];
        double[][] scratch = new double[2][2];
        assertThat(objective.derivatives(x, gradient, hessian, scratch)).isEqualTo(objective.value(x));
        double[] up = new double[2];
        double[] down = new double[2];
        for (int j = 0; j < 2; j++) {
            double[] above = x.clone();
            double[] below = x.clone();
            above[j] += 1e-7;
            below[j] -= 1e-7;
            double slope = (objective.value(above) - objective.value(below)) / 2e-7;
            assertThat(gradient[j]).as("seed 24").isCloseTo(slope, within(1e-6));
            objective.derivatives(above, up, new double[2][2], scratch);
            objective.derivatives(below, down, new double[2][2], scratch);
            for (int k = 0; k < 2; k++) {
                assertThat(hessian[j][k]).isCloseTo((up[k] - down[k]) / 2e-7, within(1e-5));
            }
        }
    }

    /** A tenth of the points ten times off move the fit by less than its own noise. */
    @Test
    void fit_outliers_hardlyMoveTheExponent() {
        double[][] c = sizes(30, 0.002, new Random(25));
        double clean = law(Found.in(BY_PARAMS.fit(points(c), OPTIONS))).exponent();
        for (int i : new int[] {3, 14, 27}) {
            c[2][i] *= 1.5;
        }
        double dirty = law(Found.in(BY_PARAMS.fit(points(c), OPTIONS))).exponent();
        assertThat(dirty).as("seed 25").isCloseTo(clean, within(5e-4));
    }

    @Test
    void fit_unitsAndOrder_changeNothingButTheScale() {
        double[][] c = sizes(25, 0.004, new Random(26));
        LawFit fit = Found.in(BY_PARAMS.fit(points(c), OPTIONS));
        double[][] millions = {Arrays.stream(c[0]).map(n -> n / 1e6).toArray(), c[1], c[2]};
        LawFit inMillions = Found.in(BY_PARAMS.fit(points(millions), OPTIONS));
        assertThat(law(inMillions).exponent()).as("seed 26").isCloseTo(law(fit).exponent(), within(1e-12));
        assertThat(1e6 * law(inMillions).scale()).isCloseTo(law(fit).scale(), within(1e-9 * law(fit).scale()));
        LawPoints all = points(c);
        LawFit reversed = Found.in(
                BY_PARAMS.fit(all.select(IntStream.range(0, 25).map(i -> 24 - i).toArray()), OPTIONS));
        assertThat(law(reversed).exponent()).isCloseTo(law(fit).exponent(), within(1e-12));
    }

    /** The spread of 300 fits to fresh noise is what each says of itself. */
    @Test
    void fit_freshNoise_spreadsAsTheCovarianceSays() {
        Random random = new Random(27);
        int trials = 300;
        double[] exponents = new double[trials];
        double[] scales = new double[trials];
        double variance = 0;
        double varianceOfScale = 0;
        for (int t = 0; t < trials; t++) {
            LawFit fit = Found.in(BY_PARAMS.fit(points(sizes(40, 0.003, random)), OPTIONS));
            exponents[t] = law(fit).exponent();
            scales[t] = Math.log(law(fit).scale());
            variance += fit.covariance().get(1).get(1) / trials;
            varianceOfScale += fit.covariance().get(0).get(0) / trials;
        }
        double ratio = Math.sqrt(variance / variance(exponents));
        double ratioOfScale = Math.sqrt(varianceOfScale / variance(scales));
        System.out.printf("seed 27: reported over true sd: exponent %.3f, ln scale %.3f%n", ratio, ratioOfScale);
        assertThat(ratio).isBetween(0.8, 1.25);
        assertThat(ratioOfScale).isBetween(0.8, 1.25);
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }

    @Test
    void frontier_ladder_takesThePointsThatTheLawIsAbout() {
        LawPoints ladder = LawPoints.of(
                new double[] {1e8, 1e8, 1e8, 1e9, 1e9, 1e10},
                new double[] {1e9, 1e10, 1e10, 1.05e10, 1e11, 1e9},
                new double[] {4, 3.5, 3.51, 3, 2.5, 3.2});
        assertThat(tokens(Frontier.of(ladder, Variable.PARAMS))).containsExactly(1e10, 1e10, 1e11, 1e9);
        assertThat(tokens(Frontier.of(ladder, Variable.TOKENS))).containsExactly(1.05e10, 1e11, 1e9);
        // 6e17, 6e18 twice, 6.3e19 with 6e19 (which 6e18 has beaten already), 6e20.
        assertThat(tokens(Frontier.of(ladder, Variable.COMPUTE))).containsExactly(1e9, 1e10, 1.05e10, 1e11);
        assertThat(Found.in(BY_PARAMS.fit(ladder, OPTIONS)).diagnostics())
                .contains("rests on 4 of 6 points: the most tokens of each N, as L(N) is at unlimited data");
    }

    private static double[] tokens(LawPoints points) {
        return IntStream.range(0, points.size()).mapToDouble(points::tokens).toArray();
    }

    @Test
    void cells_aDenseRow_isCutIntoTenths() {
        double[] dense =
                IntStream.range(0, 200).mapToDouble(i -> Math.pow(1.02, i)).toArray();
        List<int[]> cells = Chains.cells(dense);
        assertThat(cells).allMatch(cell -> Chains.stretch(dense, cell) <= 1.1);
        assertThat(cells.stream().mapToInt(cell -> cell.length).sum()).isEqualTo(200);
        assertThat(cells).hasSize(42);
    }

    @Test
    void fit_tooLittle_isRefusedWithTheReason() {
        double[] one = {1e8, 1e8, 1e8};
        double[] tokens = {1e9, 2e9, 4e9};
        double[] loss = {4, 3.8, 3.6};
        assertThat(reason(BY_PARAMS.fit(LawPoints.of(one, tokens, loss), OPTIONS)))
                .isEqualTo("1 different values of parameters: a law of two coefficients needs at least 3");
        assertThat(reason(new PowerFit(Variable.TOKENS)
                        .fit(LawPoints.of(one, new double[] {1e9, 1.5e9, 2e9}, loss), OPTIONS)))
                .isEqualTo("the runs span less than half a decade of tokens");
        assertThat(reason(new PowerFit(Variable.TOKENS)
                        .fit(LawPoints.of(one, tokens, new double[] {3.6, 3.8, 4}), OPTIONS)))
                .isEqualTo("the losses do not fall with tokens");
    }

    private static String reason(Outcome<LawFit> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused<LawFit>) outcome).reason();
    }

    @Test
    void bootstrap_overRuns_spreadsAsTheCovarianceSays() {
        LawPoints points = points(sizes(40, 0.003, new Random(28)));
        LawFit fit = Found.in(BY_PARAMS.fit(points, OPTIONS));
        Bootstrap bootstrap = new Bootstrap(BY_PARAMS, points, fit, OPTIONS, 5);
        double[] exponents = IntStream.range(0, 400)
                .mapToObj(bootstrap::draw)
                .mapToDouble(theta -> theta == null ? Double.NaN : theta[1])
                .filter(Double::isFinite)
                .toArray();
        assertThat(exponents).hasSize(400);
        double ratio = Math.sqrt(fit.covariance().get(1).get(1) / variance(exponents));
        assertThat(ratio).as("seed 28").isBetween(0.7, 1.4);
    }

    /**
     * Of Chinchilla's points the least loss of each budget; a power law without a floor falls more slowly the further
     * it looks.
     */
    @Test
    void fit_epochsPoints_exponentFallsTowardsLargeCompute() {
        LawPoints all = EpochData.published().points();
        LawFit whole = Found.in(new PowerFit(Variable.COMPUTE).fit(all, OPTIONS));
        int[] large =
                IntStream.range(0, all.size()).filter(i -> all.flops(i) > 5e19).toArray();
        LawFit upper = Found.in(new PowerFit(Variable.COMPUTE).fit(all.select(large), OPTIONS));
        System.out.printf("L(C) of Chinchilla's points: %s; above 5e19 %s%n", whole, upper);
        assertThat(law(whole).exponent()).isBetween(0.03, 0.07);
        assertThat(law(upper).exponent()).isLessThan(law(whole).exponent());
    }
}
