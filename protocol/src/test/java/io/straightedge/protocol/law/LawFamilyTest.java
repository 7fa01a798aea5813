package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every law, whatever its form. */
class LawFamilyTest {

    private static final double[] BUDGETS = {1e18, 1e21, 5.76e23, 1e26};

    /** N and D under, at and over what the optimum would be, with repeats for the law of limited data. */
    private static final double[][] RUNS = {{1e8, 2e9}, {7e10, 1.4e12}, {5e8, 3e11}, {4e11, 2e10}, {1e10, 5e11}};

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#names")
    void withTheta_ofItsOwnTheta_isTheSameLaw(String name) {
        ScalingLaw law = SampleLaws.named(name);
        assertThat(law.theta()).hasSize(law.size());
        assertThat(law.names()).hasSize(law.size()).doesNotHaveDuplicates();
        double[] theta = law.withTheta(law.theta()).theta();
        for (int i = 0; i < theta.length; i++) {
            assertThat(theta[i]).isEqualTo(law.theta()[i], within(1e-14 * Math.abs(law.theta()[i])));
        }
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#ofRuns")
    void gradient_againstDifferences_agrees(String name) {
        RunLaw law = SampleLaws.ofRun(name);
        for (double[] run : RUNS) {
            double[] gradient = new double[law.size()];
            law.gradient(run[0], run[1], gradient);
            Differences.assertGradient(law, law::withTheta, l -> l.loss(run[0], run[1]), gradient);
        }
    }

    @Test
    void gradient_ofTheLawOfSteps_againstDifferences_agrees() {
        KaplanStepsLaw law = (KaplanStepsLaw) SampleLaws.named("kaplan-steps");
        double[] gradient = new double[law.size()];
        law.gradient(1e9, 1e5, gradient);
        Differences.assertGradient(law, law::withTheta, l -> l.loss(1e9, 1e5), gradient);
    }

    /**
     * More of either helps. Of parameters in plenty that is not so of two forms: by Farseer's a model too large for its
     * tokens may learn less from them, and where surplus parameters decay, enough of them add nothing.
     */
    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void loss_moreOfEither_isLower(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        for (double[] run : RUNS) {
            double loss = law.loss(run[0], run[1]);
            assertThat(loss).isGreaterThan(law.irreducible());
            assertThat(law.loss(run[0], run[1] * 1.01)).as("more tokens").isLessThan(loss);
            if (run[1] > run[0] || !(law instanceof FarseerLaw || law instanceof LimitedDataLaw)) {
                assertThat(law.loss(run[0] * 1.01, run[1]))
                        .as("more parameters")
                        .isLessThan(loss);
            }
        }
    }

    /** A scan of 20,001 sizes over D/N from 1e6 to 1e-3 knows no derivative and no closed form. */
    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void optimum_againstAScanOfSizes_isTheLeastLoss(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        for (double flops : BUDGETS) {
            double low = Math.log(Math.sqrt(flops / 6 / 1e6));
            double step = Math.log(1e9) / 2 / 20_000;
            double least = Double.POSITIVE_INFINITY;
            double best = 0;
            for (int i = 0; i <= 20_000; i++) {
                double params = Math.exp(low + i * step);
                double loss = law.loss(params, flops / 6 / params);
                if (loss < least) {
                    least = loss;
                    best = params;
                }
            }
            Allocation optimum = law.optimum(flops);
            assertThat(Math.log(optimum.params())).isCloseTo(Math.log(best), within(step));
            assertThat(optimum.loss()).isLessThanOrEqualTo(least + 1e-14);
            assertThat(optimum.loss()).isEqualTo(law.loss(optimum.params(), optimum.tokens()), within(1e-14));
            assertThat(6 * optimum.params() * optimum.tokens()).isCloseTo(flops, within(1e-12 * flops));
        }
    }

    /**
     * At the minimum the loss is flat: a change of 1e-3 either way changes it alike, to the second order. The law of limited
     * data bends otherwise above N_opt than below, so that there it only rises.
     */
    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void optimum_smallStepsEitherWay_areAlike(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        for (double flops : BUDGETS) {
            Allocation best = law.optimum(flops);
            double h = 1e-3;
            double up = law.loss(best.params() * Math.exp(h), best.tokens() * Math.exp(-h)) - best.loss();
            double down = law.loss(best.params() * Math.exp(-h), best.tokens() * Math.exp(h)) - best.loss();
            assertThat(up).isPositive();
            assertThat(down).isPositive();
            if (!(law instanceof LimitedDataLaw)) {
                assertThat(Math.abs(up - down) / (up + down)).isLessThan(1e-3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void computeFor_theOptimalLoss_isTheInverse(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        for (double flops : BUDGETS) {
            double loss = law.optimum(flops).loss();
            assertThat(law.computeFor(loss)).isCloseTo(flops, within(1e-9 * flops));
        }
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void tokensFor_theLossOfARun_isTheInverse(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        for (double[] run : RUNS) {
            assertThat(law.tokensFor(run[0], law.loss(run[0], run[1]))).isCloseTo(run[1], within(1e-9 * run[1]));
        }
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void inverses_aLossThatNothingReaches_areInfinite(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        double floor = law.irreducible();
        for (double loss : new double[] {floor, floor - 0.1, -1, Double.NEGATIVE_INFINITY}) {
            assertThat(law.computeFor(loss)).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(law.tokensFor(1e9, loss)).isEqualTo(Double.POSITIVE_INFINITY);
        }
        double ofModel = law.loss(1e8, Double.POSITIVE_INFINITY);
        assertThat(law.tokensFor(1e8, ofModel * (1 - 1e-9))).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#curves")
    void inverse_ofACurve_undoesIt(String name) {
        CurveLaw law = SampleLaws.curve(name);
        for (double x : new double[] {1e9, 1e15, 1e21}) {
            assertThat(law.inverse(law.lossAt(x))).isCloseTo(x, within(1e-9 * x));
            assertThat(law.lossAt(1.01 * x)).isLessThan(law.lossAt(x));
        }
        assertThat(law.inverse(law.irreducible())).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(law.inverse(-1)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void loss_ofACurve_isThatAtItsVariable() {
        assertThat(SampleLaws.curve("kaplan-n").loss(1e9, 1))
                .isEqualTo(SampleLaws.curve("kaplan-n").lossAt(1e9));
        assertThat(SampleLaws.curve("kaplan-d").loss(1, 1e9))
                .isEqualTo(SampleLaws.curve("kaplan-d").lossAt(1e9));
        assertThat(SampleLaws.curve("kaplan-c").loss(1e9, 2e10))
                .isEqualTo(SampleLaws.curve("kaplan-c").lossAt(1.2e20));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void constructors_coefficientsThatAreNoLaw_areRefused(double bad) {
        ChinchillaLaw base = new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28);
        assertRefused(() -> new KaplanLaw(bad, 1e13, 0.1, 0.1));
        assertRefused(() -> new KaplanLaw(1e13, 1e13, 0.1, bad));
        assertRefused(() -> new KaplanStepsLaw(1e13, 2e3, bad, 0.8));
        assertRefused(() -> new PowerLaw(Variable.PARAMS, 1e13, bad));
        assertRefused(() -> new SaturatingLaw(Variable.PARAMS, 1.7, bad, 0.1));
        assertRefused(() -> new OvertrainingLaw(1.8, 100, bad, 0.1));
        assertRefused(() -> new GammaLaw(1.2, 100, 100, 0.3, 0.3, bad));
        assertRefused(() -> new DataConstrainedLaw(base, bad, 5));
        assertRefused(() -> new DataConstrainedLaw(base, 15, bad));
        assertRefused(() -> new CriticalBatch(2e8, bad));
        assertRefused(() -> new StepLawRecipe(bad, -0.7, 0.3, 0.6, 0.6));
        if (!Double.isFinite(bad)) {
            assertRefused(() -> new FarseerLaw(1, 1, 1, 1, 1, 1, 1, bad, 1));
        }
        if (!(bad > 0)) {
            assertRefused(() -> SampleLaws.MUENNIGHOFF.limitedTo(bad));
        }
    }

    @Test
    void constructors_aNegativeFloor_isRefusedAndNoneIsNot() {
        assertRefused(() -> new SaturatingLaw(Variable.PARAMS, -0.1, 1, 1));
        assertRefused(() -> new OvertrainingLaw(-0.1, 1, 1, 1));
        assertRefused(() -> new GammaLaw(-0.1, 1, 1, 1, 1, 1));
        assertThat(new GammaLaw(0, 1, 1, 1, 1, 1).irreducible()).isZero();
    }

    private static void assertRefused(Runnable constructor) {
        assertThatThrownBy(constructor::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*(must be|needs).*");
    }
}
