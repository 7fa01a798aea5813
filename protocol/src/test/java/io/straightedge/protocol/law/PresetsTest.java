package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.run.ParameterCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published constants give the published numbers, each to half of its last digit. */
class PresetsTest {

    private static RunLaw law(String name) {
        return (RunLaw) Presets.named(name).law();
    }

    private static ChinchillaLaw chinchilla(String name) {
        ScalingLaw law = Presets.named(name).law();
        return law instanceof DataConstrainedLaw limited ? limited.base() : (ChinchillaLaw) law;
    }

    /** Half of the last of so many digits. */
    private static void assertDigits(double actual, double printed, int digits) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(printed))) + 1 - digits);
        assertThat(actual).isCloseTo(printed, within(0.505 * unit));
    }

    @ParameterizedTest
    @CsvSource({
        "hoffmann, 1.344711, .451613",
        "hoffmann-tex, 1.300046, .456526",
        "besiroglu, 0.119630, .512612",
        "epoch, 0.113208, .513900",
        "muennighoff-c4, 0.225802, .500000"
    })
    void scaleGAndExponent_published_agree(String name, double g, double a) {
        assertThat(chinchilla(name).scaleG()).isCloseTo(g, within(0.505e-6));
        assertThat(chinchilla(name).exponentOfParams()).isCloseTo(a, within(0.505e-6));
    }

    @ParameterizedTest
    @CsvSource({
        "hoffmann, 1e21, 1.82422e9, 9.13634e10, 2.328883",
        "hoffmann, 5.76e23, 3.21899e10, 2.98231e12, 1.930748",
        "hoffmann, 1e26, 3.30477e11, 5.04322e13, 1.799063",
        "hoffmann-tex, 1e21, 2.21695e9, 7.51782e10, 2.295491",
        "hoffmann-tex, 5.76e23, 4.03609e10, 2.37854e12, 1.918412",
        "hoffmann-tex, 1e26, 4.24998e11, 3.92159e13, 1.794643",
        "besiroglu, 1e21, 2.77846e9, 5.99853e10, 2.305529",
        "besiroglu, 5.76e23, 7.22487e10, 1.32874e12, 1.974441",
        "besiroglu, 1e26, 1.01593e12, 1.64053e13, 1.879902",
        "epoch, 1e21, 2.79174e9, 5.97000e10, 2.304455",
        "epoch, 5.76e23, 7.31904e10, 1.31165e12, 1.973912",
        "epoch, 1e26, 1.03603e12, 1.60871e13, 1.879639",
        "muennighoff-c4, 1e21, 2.91509e9, 5.71738e10, 2.347687",
        "muennighoff-c4, 5.76e23, 6.99622e10, 1.37217e12, 2.025162",
        "muennighoff-c4, 1e26, 9.21833e11, 1.80799e13, 1.931989"
    })
    void optimum_published_agrees(String name, double flops, double params, double tokens, double loss) {
        Allocation best = ((SurfaceLaw) law(name)).optimum(flops);
        assertDigits(best.params(), params, 6);
        assertDigits(best.tokens(), tokens, 6);
        assertDigits(best.loss(), loss, 7);
    }

    /** N* of Hoffmann as rounded and as in the TeX source differ by a fifth: 32.19B and 40.36B of the paper's 67B. */
    @Test
    void optimum_roundedAndUnroundedCoefficients_giveOtherAdvice() {
        Allocation rounded = chinchilla("hoffmann").optimum(5.76e23);
        Allocation full = chinchilla("hoffmann-tex").optimum(5.76e23);
        assertDigits(rounded.params(), 32.19e9, 4);
        assertDigits(rounded.tokensPerParam(), 92.6, 3);
        assertDigits(full.params(), 40.36e9, 4);
        assertDigits(full.tokensPerParam(), 58.9, 3);
        assertDigits(chinchilla("epoch").optimum(5.76e23).tokensPerParam(), 17.9, 3);
    }

    @ParameterizedTest
    @CsvSource({"kaplan-n, 1e9, 1, 2.375640", "kaplan-n, 1.75e11, 1, 1.604389", "kaplan-d, 1, 3e11, 1.637762"})
    void kaplanSingleLaws_published_agree(String name, double params, double tokens, double loss) {
        assertDigits(law(name).loss(params, tokens), loss, 7);
    }

    @ParameterizedTest
    @CsvSource({"1e9, 2.2e10, 2.369316", "1.75e11, 3e11, 1.660957"})
    void kaplanJoint_published_agrees(double params, double tokens, double loss) {
        assertDigits(law("kaplan").loss(params, tokens), loss, 7);
    }

    @Test
    void kaplanCompute_published_agrees() {
        CurveLaw law = (CurveLaw) law("kaplan-c-min");
        assertDigits(law.lossAt(5.76e23), 1.711483, 7);
        assertThat(5.76e23 / KaplanAllocation.FLOPS_PER_PETAFLOP_DAY).isCloseTo(6666.667, within(0.0005));
        // the pair for a fixed batch is another one: Cc/C is 1.6e7/6666.667 = 2400 there
        assertThat(((CurveLaw) law("kaplan-c")).lossAt(5.76e23))
                .isCloseTo(Math.exp(0.057 * Math.log(2400)), within(1e-12));
    }

    @Test
    void kaplanSteps_published_agrees() {
        KaplanStepsLaw law = (KaplanStepsLaw) Presets.named("kaplan-steps").law();
        assertDigits(law.loss(1e9, 1e5), 2.400514, 7);
    }

    @Test
    void kaplanCriticalBatch_published_agrees() {
        CriticalBatch batch = Presets.KAPLAN_CRITICAL_BATCH;
        double critical = batch.tokensAt(3);
        assertDigits(critical, 1.069114e6, 7);
        assertThat(batch.leastSteps(1000, critical, 3)).isCloseTo(500, within(1e-9));
        assertThat(batch.leastFlops(1e20, critical, 3)).isCloseTo(5e19, within(1e8));
        // (S/S_min - 1)(E/E_min - 1) = 1 with E = BS and C in proportion to E: the law that defines the critical batch
        double steps = 1000 / batch.leastSteps(1000, 2e5, 3) - 1;
        double examples = 1e20 / batch.leastFlops(1e20, 2e5, 3) - 1;
        assertThat(steps * examples).isCloseTo(1, within(1e-12));
    }

    @Test
    void kaplanAllocation_gophersBudget_agrees() {
        KaplanAllocation allocation = Presets.KAPLAN_ALLOCATION;
        double days = 5.76e23 / KaplanAllocation.FLOPS_PER_PETAFLOP_DAY;
        assertDigits(allocation.params(days), 8.0426e11, 5);
        assertDigits(allocation.tokens(days), 2.155e11, 4);
        // the exponents of B and S must add up to that of D, and with that of N to 1
        assertThat(allocation.batchExponent() + allocation.stepsExponent())
                .isCloseTo(allocation.tokensExponent(), within(1e-12));
        assertThat(allocation.paramsExponent() + allocation.tokensExponent()).isCloseTo(1, within(1e-12));
        assertThat(allocation.batchTokens(1) * allocation.steps(1)).isCloseTo(1.08e10, within(1e6));
    }

    /** The formula, what the paper prints of it and what it measures are three numbers. */
    @Test
    void kaplanComputeExponent_threeNumbers_stayApart() {
        KaplanStepsLaw steps = (KaplanStepsLaw) Presets.named("kaplan-steps").law();
        double formula =
                KaplanAllocation.computeExponent(steps.alphaN(), steps.alphaS(), Presets.KAPLAN_CRITICAL_BATCH.alpha());
        assertDigits(formula, 0.05245, 4);
        assertThat(Presets.KAPLAN_COMPUTE_EXPONENT_PRINTED).isGreaterThan(formula + 0.001);
        assertThat(Presets.KAPLAN_COMPUTE_EXPONENT_MEASURED)
                .isLessThan(formula - 0.001)
                .isEqualTo(((PowerLaw) law("kaplan-c-min")).exponent());
    }

    @Test
    void muennighoff_published_agrees() {
        DataConstrainedLaw law = SampleLaws.MUENNIGHOFF;
        assertDigits(law.effectiveTokens(4e9, 1e9) / 1e9, 3.725673, 7);
        assertDigits(law.effectiveTokens(16e9, 1e9) / 1e9, 10.582457, 8);
        assertDigits(law.loss(8.7e9, 178e9, 178e9 / 7), 2.226081, 7);
        assertDigits(law.base().optimum(1e21).tokensPerParam(), 19.613, 5);
        assertDigits(law.paramsFedBy(1e11) / 1e11, 0.051, 2);
        assertThat(law.epochs(178e9, 178e9 / 7)).isCloseTo(7, within(1e-12));
        assertThat(law.epochs(1e9, 1e10)).isEqualTo(1);
    }

    /** What the two fitted decays say: beyond one epoch more compute goes to epochs before it goes to parameters. */
    @Test
    void muennighoff_moreComputeOnTheSameData_goesToEpochsFirst() {
        DataConstrainedLaw law = SampleLaws.MUENNIGHOFF;
        double unique = law.base().optimum(1e22).tokens();
        Allocation tenfold = law.optimum(10 * 1e22, unique);
        double epochs = law.epochs(tenfold.tokens(), unique);
        double models = tenfold.params() / law.paramsFedBy(unique);
        assertThat(epochs * models).isCloseTo(10, within(1e-6));
        assertThat(epochs).isGreaterThan(models);
    }

    @Test
    void stepLaw_published_agrees() {
        assertDigits(Presets.STEP_LAW.learningRate(1e9, 1e11), 1.632499e-3, 7);
        assertDigits(Presets.STEP_LAW.batchTokens(1e11), 1.107715e6, 7);
    }

    @Test
    void all_everyPreset_saysWhatItCountsAndWhereItIsFrom() {
        assertThat(Presets.all())
                .extracting(Preset::name)
                .doesNotHaveDuplicates()
                .hasSize(11);
        assertThat(Presets.all()).allSatisfy(preset -> {
            assertThat(preset.source()).containsPattern("arXiv \\d{4}\\.\\d{5}");
            assertThat(preset.paramsCount())
                    .isEqualTo(
                            preset.name().startsWith("kaplan") ? ParameterCount.NON_EMBEDDING : ParameterCount.TOTAL);
        });
    }

    @Test
    void named_anUnknownName_isRefusedWithTheNames() {
        assertThatThrownBy(() -> Presets.named("chinchila"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'chinchila'")
                .hasMessageContaining("kaplan-c-min, kaplan,")
                .hasMessageContaining("hoffmann-tex");
    }
}
