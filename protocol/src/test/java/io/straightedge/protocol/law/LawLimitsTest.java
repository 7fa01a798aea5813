package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where one law must become another. */
class LawLimitsTest {

    private static final double[][] RUNS = {{1e8, 2e9}, {7e10, 1.4e12}, {5e8, 3e11}, {4e11, 2e10}};

    @Test
    void kaplan_withoutEndOfDataOrModel_isTheSingleLaw() {
        KaplanLaw joint = new KaplanLaw(6.4e13, 1.8e13, 0.076, 0.103);
        assertThat(joint.loss(1e9, 1e40))
                .isCloseTo(new PowerLaw(Variable.PARAMS, 6.4e13, 0.076).lossAt(1e9), within(1e-14));
        assertThat(joint.loss(1e60, 1e10))
                .isCloseTo(new PowerLaw(Variable.TOKENS, 1.8e13, 0.103).lossAt(1e10), within(1e-14));
    }

    @Test
    void kaplanSteps_withoutEndOfSteps_isTheLawOfSize() {
        KaplanStepsLaw law = new KaplanStepsLaw(6.5e13, 2.1e3, 0.077, 0.76);
        assertThat(law.loss(1e9, 1e60))
                .isCloseTo(new PowerLaw(Variable.PARAMS, 6.5e13, 0.077).lossAt(1e9), within(1e-14));
        assertThat(law.stepsFor(1e9, law.loss(1e9, 12_345))).isCloseTo(12_345, within(1e-6));
        assertThat(law.stepsFor(1e9, law.loss(1e9, Double.POSITIVE_INFINITY))).isInfinite();
    }

    @Test
    void overtraining_inBothItsFormsAndAsChinchilla_isOneLaw() {
        OvertrainingLaw law = SampleLaws.OVERTRAINING;
        for (double[] run : RUNS) {
            double loss = law.loss(run[0], run[1]);
            assertThat(law.lossAt(6 * run[0] * run[1], run[1] / run[0])).isCloseTo(loss, within(1e-13));
            assertThat(law.toChinchilla().loss(run[0], run[1])).isCloseTo(loss, within(1e-13));
        }
        double ratio = Math.pow(law.b() / law.a(), 1 / (2 * law.eta()));
        for (double flops : new double[] {1e18, 1e26}) {
            assertThat(law.optimum(flops).tokensPerParam()).isCloseTo(ratio, within(1e-9 * ratio));
        }
    }

    @Test
    void gamma_ofOne_isChinchilla() {
        ChinchillaLaw chinchilla = new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28);
        GammaLaw law = new GammaLaw(1.69, 406.4, 410.7, 0.34, 0.28, 1);
        for (double[] run : RUNS) {
            double loss = chinchilla.loss(run[0], run[1]);
            assertThat(law.loss(run[0], run[1])).isCloseTo(loss, within(1e-14));
            assertThat(law.tokensFor(run[0], loss)).isCloseTo(run[1], within(1e-9 * run[1]));
            assertThat(law.computeFor(loss))
                    .isCloseTo(chinchilla.computeFor(loss), within(1e-9 * law.computeFor(loss)));
        }
    }

    @Test
    void gamma_ofAny_leavesTheOptimumWhereItIs() {
        Allocation one = new GammaLaw(1.2, 406.4, 410.7, 0.34, 0.28, 1).optimum(1e22);
        Allocation half = new GammaLaw(1.2, 406.4, 410.7, 0.34, 0.28, 0.5).optimum(1e22);
        assertThat(half.params()).isEqualTo(one.params());
        assertThat(half.loss() - 1.2).isCloseTo(Math.sqrt(one.loss() - 1.2), within(1e-12));
    }

    /** With A = 0 the exponent does not depend on N, with B = 0 the scale neither: the data term is then a plain power. */
    @Test
    void farseer_withoutInteraction_isASumOfALawOfSizeAndOneOfData() {
        FarseerLaw law = new FarseerLaw(114, -0.31, 0.6, 0, 1, Math.log(2143), 0, 1, Math.log(0.367));
        for (double[] run : RUNS) {
            double expected = Math.exp(114 * Math.pow(run[0], -0.31) + 0.6) + 2143 * Math.pow(run[1], -0.367);
            assertThat(law.loss(run[0], run[1])).isCloseTo(expected, within(1e-12));
        }
        assertThat(law.irreducible()).isEqualTo(Math.exp(0.6));
        assertThat(law.loss(1e150, 1e300)).isCloseTo(Math.exp(0.6), within(1e-12));
    }

    @Test
    void farseer_floorsOfEverySign_areTheirLimits() {
        assertThat(floorOf(-0.02, 0.17)).isZero();
        assertThat(floorOf(0.02, 0.17)).isInfinite();
        assertThat(floorOf(0, 0.17)).isEqualTo(Math.exp(-0.1));
        assertThat(floorOf(0.5, 0)).isCloseTo(Math.exp(0.4), within(1e-15));
        assertThat(floorOf(0.5, -0.2)).isEqualTo(Math.exp(-0.1));
    }

    private static double floorOf(double s, double q) {
        return new FarseerLaw(s, q, -0.1, 5, -0.1, 7, -0.05, 0.05, -0.86).irreducible();
    }

    /** The law's loss falls all the way to few tokens; what it gives is the inner minimum as long as there is one. */
    @Test
    void farseer_carriedTooFar_givesTheEndOfItsRangeAndNeverNan() {
        FarseerLaw law = SampleLaws.UNBOUNDED_FARSEER;
        Allocation inner = law.optimum(1e21);
        assertThat(inner.tokensPerParam()).isBetween(10., 12.);
        assertThat(law.loss(inner.params() * 10, inner.tokens() / 10)).isGreaterThan(inner.loss());
        assertThat(law.optimum(1e25).tokensPerParam()).isCloseTo(1e-3, within(1e-9));
        for (double flops = 1; flops < 1e60; flops *= 1e3) {
            assertThat(law.optimum(flops).loss()).isNotNaN();
            assertThat(law.computeFor(law.optimum(flops).loss())).isNotNaN();
        }
        assertThat(new FarseerLaw(900, 1, 1, 900, 1, 1, 900, 1, 1).loss(1e9, 1e10))
                .isInfinite();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e18, 1e21, 1e24})
    void dataConstrained_withoutEndOfData_isItsBase(double flops) {
        DataConstrainedLaw law = SampleLaws.MUENNIGHOFF;
        assertThat(law.optimum(flops, Double.POSITIVE_INFINITY))
                .isEqualTo(law.base().optimum(flops));
        assertThat(law.optimum(flops)).isEqualTo(law.base().optimum(flops));
        LimitedDataLaw unlimited = law.limitedTo(Double.POSITIVE_INFINITY);
        Allocation best = law.base().optimum(flops);
        assertThat(unlimited.loss(best.params() / 2, best.tokens() * 2))
                .isEqualTo(law.base().loss(best.params() / 2, best.tokens() * 2));
        assertThat(unlimited.irreducible()).isEqualTo(law.base().irreducible());
        assertThat(unlimited.computeFor(best.loss())).isCloseTo(flops, within(1e-9 * flops));
    }

    @Test
    void limitedData_withoutEndOfCompute_nearsItsFloorAndNotTheBases() {
        DataConstrainedLaw law = SampleLaws.MUENNIGHOFF;
        LimitedDataLaw limited = law.limitedTo(1e10);
        assertThat(limited.optimum(1e40).loss()).isCloseTo(limited.irreducible(), within(1e-9));
        assertThat(limited.irreducible()).isGreaterThan(law.irreducible() + 0.1);
        assertThat(limited.computeFor(limited.irreducible() - 1e-6)).isInfinite();
        assertThat(limited.computeFor(limited.irreducible() + 1e-6)).isFinite();
    }

    /** More unique tokens never hurt, and as many as the free optimum wants are as good as any number. */
    @Test
    void limitedData_moreUniqueTokens_isNeverWorse() {
        DataConstrainedLaw law = SampleLaws.MUENNIGHOFF;
        Allocation free = law.base().optimum(1e22);
        double previous = Double.POSITIVE_INFINITY;
        for (double share = 1e-4; share < 1; share *= 2) {
            double loss = law.optimum(1e22, share * free.tokens()).loss();
            assertThat(loss).isLessThan(previous).isGreaterThan(free.loss());
            previous = loss;
        }
        assertThat(law.optimum(1e22, free.tokens() * 1.0001)).isEqualTo(free);
    }

    /** The gradient by the decays, which the law without limit does not have, where data repeat and where they do not. */
    @ParameterizedTest
    @ValueSource(doubles = {1e9, 1e10, 1e11, 1e12, 1e14})
    void limitedData_gradientAtAnyNumberOfUniqueTokens_agreesWithDifferences(double uniqueTokens) {
        LimitedDataLaw law = SampleLaws.MUENNIGHOFF.limitedTo(uniqueTokens);
        for (double[] run : RUNS) {
            double[] gradient = new double[law.size()];
            law.gradient(run[0], run[1], gradient);
            Differences.assertGradient(law, law::withTheta, l -> l.loss(run[0], run[1]), gradient);
        }
    }

    @Test
    void limitedData_inversesAtAnyNumberOfUniqueTokens_undoTheLaw() {
        for (double uniqueTokens : new double[] {1e9, 1e10, 1e11, 1e12}) {
            LimitedDataLaw law = SampleLaws.MUENNIGHOFF.limitedTo(uniqueTokens);
            for (double params : new double[] {1e7, 1e9, 1e11}) {
                for (double epochs : new double[] {0.01, 0.5, 2, 20}) {
                    double tokens = epochs * uniqueTokens;
                    assertThat(law.tokensFor(params, law.loss(params, tokens)))
                            .isCloseTo(tokens, within(1e-6 * tokens));
                }
            }
        }
    }
}
