package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlansTest {

    private static final double GOPHER = 5.76e23;
    private static final SurfaceLaw EPOCH = SampleLaws.surface("epoch");

    @ParameterizedTest
    @CsvSource({
        "epoch, .75, 1.3781, 3.36",
        "epoch, .5, 2.5198, 25.99",
        "epoch, .3, 8.7386, 162.16",
        "hoffmann, .75, , 2.85",
        "hoffmann, .5, , 20.80",
        "hoffmann, .3, , 105.54"
    })
    void overtrained_published_agrees(String name, double share, Double tokensRatio, double extraPercent) {
        SurfaceLaw law = SampleLaws.surface(name);
        Allocation best = law.optimum(GOPHER);
        Allocation smaller = Plans.overtrained(law, best.loss(), share * best.params());
        assertThat(smaller.loss()).isEqualTo(best.loss());
        assertThat(law.loss(smaller.params(), smaller.tokens())).isCloseTo(best.loss(), within(1e-12));
        if (tokensRatio != null) {
            assertThat(smaller.tokens() / best.tokens()).isCloseTo(tokensRatio, within(0.505e-4));
        }
        assertThat(100 * (smaller.flops() / GOPHER - 1)).isCloseTo(extraPercent, within(0.505e-2));
        assertThat(Plans.wastedFlops(law, smaller.params(), smaller.tokens()))
                .isCloseTo(smaller.flops() - GOPHER, within(1e-9 * GOPHER));
    }

    @Test
    void overtrained_aModelTooSmall_isInfinite() {
        Allocation tiny = Plans.overtrained(EPOCH, EPOCH.optimum(GOPHER).loss(), 1e9);
        assertThat(tiny.tokens()).isInfinite();
        assertThat(tiny.flops()).isInfinite();
    }

    /**
     * Sizes against the root of the derivative in 30 digits, totals and savings against the published ones. Published sizes
     * of such a flat minimum are good to 3e-4 only: 5.766e10 costs 3e-8 more than the size here.
     */
    @ParameterizedTest
    @CsvSource({
        "1e12, 5.76457083e10, 1.70289642e12, 5.766e10, .788, 2.51",
        "1e13, 3.44291627e10, 3.69834645e12, 3.4435e10, .470, 28.79"
    })
    void leastTotalCompute_published_agrees(
            double served, double params, double tokens, double published, double share, double savedPercent) {
        Allocation best = EPOCH.optimum(GOPHER);
        ServedPlan plan = Plans.leastTotalCompute(EPOCH, best.loss(), served);
        assertThat(plan.training().params()).isCloseTo(params, within(2e-7 * params));
        assertThat(plan.training().tokens()).isCloseTo(tokens, within(4e-7 * tokens));
        assertThat(plan.shareOfParams()).isCloseTo(share, within(0.505e-3));
        assertThat(100 * plan.savedShare()).isCloseTo(savedPercent, within(0.505e-2));
        assertThat(plan.trainingOptimum().params()).isCloseTo(best.params(), within(1e-6 * best.params()));
        double publishedTotal = Plans.overtrained(EPOCH, best.loss(), published).flops() + 2 * published * served;
        assertThat(plan.totalFlops())
                .isLessThan(publishedTotal)
                .isCloseTo(publishedTotal, within(1e-6 * publishedTotal));
    }

    @Test
    void leastTotalCompute_totalOfTenTrillionServedTokens_isThePublishedOne() {
        ServedPlan plan = Plans.leastTotalCompute(EPOCH, EPOCH.optimum(GOPHER).loss(), 1e13);
        assertThat(plan.totalFlops()).isCloseTo(1.45257e24, within(0.505e19));
    }

    /** A scan of 20,001 sizes finds nothing cheaper; with nothing to serve the training optimum is the plan. */
    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void leastTotalCompute_ofAnyLaw_isTheLeast(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        Allocation best = law.optimum(1e22);
        for (double served : new double[] {0, 1e11, 1e13}) {
            ServedPlan plan = Plans.leastTotalCompute(law, best.loss(), served);
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i <= 20_000; i++) {
                double params = best.params() * Math.exp(-6 + i * 3.5e-4);
                double tokens = law.tokensFor(params, best.loss());
                least = Math.min(least, 6 * params * tokens + 2 * params * served);
            }
            assertThat(plan.totalFlops()).isLessThanOrEqualTo(least * (1 + 1e-12));
            assertThat(plan.totalFlops()).isGreaterThan(least * (1 - 1e-6));
            assertThat(plan.totalFlops()).isLessThanOrEqualTo(plan.totalFlopsOfOptimum() * (1 + 1e-12));
            assertThat(plan.shareOfParams()).isLessThan(1 + 1e-6);
        }
        assertThat(Plans.leastTotalCompute(law, best.loss(), 0).shareOfParams()).isCloseTo(1, within(1e-6));
    }

    @Test
    void leastTotalCompute_lossOutOfReach_isRefused() {
        assertThatThrownBy(() -> Plans.leastTotalCompute(EPOCH, 1.8, 1e12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.8");
        assertThatThrownBy(() -> Plans.leastTotalCompute(EPOCH, 2, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Plans.leastTotalCompute(EPOCH, 2, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** With alpha = beta, L - E = (L_opt - E) cosh(alpha ln(N/N*)): the band is known in closed form. */
    @ParameterizedTest
    @CsvSource({"1e-5", "1e-3", "0.01", "0.2"})
    void paramsWithin_equalExponents_isTheClosedForm(double tolerance) {
        ChinchillaLaw law = SampleLaws.MUENNIGHOFF.base();
        Allocation best = law.optimum(1e22);
        double rise = 1 + tolerance * best.loss() / (best.loss() - law.E());
        double halfWidth = Math.log(rise + Math.sqrt(rise * rise - 1)) / law.alpha();
        double[] band = Plans.paramsWithin(law, 1e22, tolerance);
        assertThat(Math.log(best.params() / band[0])).isCloseTo(halfWidth, within(1e-7 * halfWidth));
        assertThat(Math.log(band[1] / best.params())).isCloseTo(halfWidth, within(1e-7 * halfWidth));
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void paramsWithin_ofAnyLaw_hasTheToleranceAtItsEdges(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        for (double flops : new double[] {1e20, 1e24}) {
            Allocation best = law.optimum(flops);
            double[] band = Plans.paramsWithin(law, flops, 1e-3);
            assertThat(band[0]).isLessThan(best.params());
            assertThat(band[1]).isGreaterThan(best.params());
            for (double edge : band) {
                assertThat(law.loss(edge, flops / 6 / edge) / best.loss()).isCloseTo(1.001, within(1e-10));
            }
        }
    }

    @Test
    void paramsWithin_aLossThatNeverRisesSoFar_isOpen() {
        SurfaceLaw law = new FarseerLaw(0, 1, 1, 0, 1, 0, 0, 1, -3);
        double[] band = Plans.paramsWithin(law, 1e20, 1e9);
        assertThat(band).containsExactly(0, Double.POSITIVE_INFINITY);
        assertThatThrownBy(() -> Plans.paramsWithin(EPOCH, 1e20, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("io.straightedge.protocol.law.SampleLaws#surfaces")
    void wastedFlops_atTheOptimum_areNoneAndElsewhereSome(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        Allocation best = law.optimum(1e22);
        assertThat(Plans.wastedFlops(law, best.params(), best.tokens())).isBetween(0., 1e-8 * 1e22);
        assertThat(Plans.wastedFlops(law, best.params() * 2, best.tokens() / 2)).isBetween(1e19, 1e22);
    }

    @Test
    void tokenLimited_fewerTokensThanTheOptimum_spendsTheRestOnSize() {
        Allocation free = EPOCH.optimum(1e22);
        assertThat(Plans.tokenLimited(EPOCH, 1e22, 2 * free.tokens())).isEqualTo(free);
        Allocation limited = Plans.tokenLimited(EPOCH, 1e22, free.tokens() / 4);
        assertThat(limited.tokens()).isEqualTo(free.tokens() / 4);
        assertThat(limited.params()).isCloseTo(4 * free.params(), within(1e-9 * free.params()));
        assertThat(limited.loss()).isGreaterThan(free.loss());
    }

    /** The same plans hold where data end: serving makes the model smaller there too, and idle epochs are waste. */
    @Test
    void plans_onLimitedData_knowItsOptimum() {
        LimitedDataLaw law = SampleLaws.MUENNIGHOFF.limitedTo(1e10);
        Allocation best = law.optimum(1e22);
        assertThat(law.law().epochs(best.tokens(), 1e10)).isGreaterThan(2);
        Allocation free = law.law().optimum(1e22);
        double waste = Plans.wastedFlops(law, free.params(), free.tokens());
        assertThat(waste).isPositive();
        assertThat(law.optimum(1e22 - waste).loss()).isCloseTo(law.loss(free.params(), free.tokens()), within(1e-12));
    }
}
