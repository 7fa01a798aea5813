package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.DataConstrainedLaw;
import io.straightedge.protocol.law.FarseerLaw;
import io.straightedge.protocol.law.GammaLaw;
import io.straightedge.protocol.law.OvertrainingLaw;
import io.straightedge.protocol.law.Presets;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdviceTest {

    /** Gopher's budget, at which published tables are given. */
    private static final double GOPHER = 5.76e23;

    private static final LawEstimate LADDER =
            Sample.law("s", 1, Sample.points(0, 44e6, 90e6, 175e6, 350e6, 760e6, 1.3e9), List.of());

    private static final ChinchillaLaw EPOCH =
            (ChinchillaLaw) Presets.named("epoch").law();

    @ParameterizedTest
    @CsvSource({
        "epoch, 0, 1.3781, 3.36",
        "epoch, 1, 2.5198, 25.99",
        "epoch, 2, 8.7386, 162.16",
        "hoffmann, 0, , 2.85",
        "hoffmann, 1, , 20.80",
        "hoffmann, 2, , 105.54"
    })
    void otherSizes_publishedLaw_costWhatIsKnown(String preset, int index, @Nullable Double times, double percent) {
        Advice.OtherSize size = of(preset, Circumstances.NONE).otherSizes().get(index);

        if (times != null) {
            assertThat(size.tokensTimes()).isCloseTo(times, within(5e-5));
        }
        assertThat(100 * size.extraShare()).isCloseTo(percent, within(5e-3));
        assertThat(size.flops()).isCloseTo(6 * size.params() * size.tokens(), withinPercentage(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1e12, 5.766e10, 0.788, 2.51", "1e13, 3.4435e10, 0.470, 28.79"})
    void served_epochOptimum_isTheCheapestKnown(double tokens, double params, double share, double percent) {
        Served served = Objects.requireNonNull(
                of("epoch", known(tokens, null, null, null, null)).served());

        // The minimum is so flat that the printed sizes are good to 3e-4 only.
        assertThat(served.params()).isCloseTo(params, withinPercentage(0.03));
        assertThat(served.shareOfParams()).isCloseTo(share, within(5e-4));
        assertThat(100 * served.savedShare()).isCloseTo(percent, within(5e-3));
        assertThat(served.totalFlops())
                .isCloseTo(served.trainingFlops() + 2 * served.params() * tokens, withinPercentage(1e-9));
        assertThat(EPOCH.loss(served.params(), served.tokens()))
                .isCloseTo(EPOCH.optimum(GOPHER).loss(), within(1e-9));
    }

    @Test
    void served_moreTokens_smallerModelLongerTraining() {
        double params = Double.POSITIVE_INFINITY;
        double tokens = 0;
        for (double inference : new double[] {1e9, 1e11, 1e12, 1e13, 1e14}) {
            Served served = Objects.requireNonNull(
                    of("epoch", known(inference, null, null, null, null)).served());
            assertThat(served.params()).isLessThan(params);
            assertThat(served.tokens()).isGreaterThan(tokens);
            assertThat(served.savedShare()).isBetween(-1e-12, 1.0);
            params = served.params();
            tokens = served.tokens();
        }
    }

    @Test
    void repeated_enoughTokens_isTheOptimum() {
        Allocation best = EPOCH.optimum(GOPHER);
        RepeatedData repeated = Objects.requireNonNull(
                of("epoch", known(null, 2 * best.tokens(), null, null, null)).repeated());

        assertThat(repeated.params()).isCloseTo(best.params(), withinPercentage(1e-9));
        assertThat(repeated.epochs()).isEqualTo(1);
        assertThat(repeated.loss()).isCloseTo(repeated.lossWithoutLimit(), within(1e-12));
        assertThat(repeated.caveats()).isEmpty();
    }

    @Test
    void repeated_fewTokens_isTheBestOfAllSplits() {
        double unique = 1e11;
        RepeatedData repeated = Objects.requireNonNull(
                of("epoch", known(null, unique, null, null, null)).repeated());
        DataConstrainedLaw law = new DataConstrainedLaw(EPOCH, 15.387756, 5.309743);
        double least = Double.POSITIVE_INFINITY;
        for (double params = 1e9; params < 1e13; params *= 1.001) {
            least = Math.min(least, law.loss(params, GOPHER / 6 / params, unique));
        }

        assertThat(repeated.loss()).isLessThanOrEqualTo(least).isCloseTo(least, within(1e-6));
        assertThat(repeated.loss()).isGreaterThan(repeated.lossWithoutLimit());
        assertThat(repeated.epochs()).isCloseTo(repeated.tokens() / unique, withinPercentage(1e-9));
        assertThat(repeated.effectiveTokens()).isBetween(unique, repeated.tokens());
        assertThat(repeated.caveats())
                .anyMatch(caveat -> caveat.contains("15.39 and 5.31") && caveat.contains("not of this study's"));
    }

    @Test
    void repeated_lawWithItsOwnDecay_usesItAndSaysNothing() {
        SurfaceLaw c4 = (SurfaceLaw) Presets.named("muennighoff-c4").law();
        RepeatedData repeated = Objects.requireNonNull(Objects.requireNonNull(
                        Advice.of("c4", c4, List.of(), Double.NaN, 1e21, known(null, 3e10, null, null, null)))
                .repeated());

        assertThat(repeated.epochs()).isGreaterThan(1);
        assertThat(repeated.caveats()).noneMatch(caveat -> caveat.contains("other runs"));
    }

    @Test
    void repeated_lawOfAnotherForm_isLeftOutWithANote() {
        GammaLaw gamma = new GammaLaw(1.8, 480, 2100, 0.35, 0.37, 0.9);
        Advice advice = Objects.requireNonNull(
                Advice.of("gamma", gamma, List.of(), Double.NaN, 1e21, known(1e12, 1e10, 1e10, 1e9, null)));

        assertThat(advice.repeated()).isNull();
        assertThat(advice.notes()).anyMatch(note -> note.contains("Chinchilla's form"));
        assertThat(Objects.requireNonNull(advice.served()).params())
                .isLessThan(gamma.optimum(1e21).params());
        assertThat(Objects.requireNonNull(advice.tokenLimited()).binding()).isTrue();
        assertThat(Objects.requireNonNull(advice.plan()).wastedFlops()).isPositive();
    }

    @Test
    void tokenLimited_enoughTokens_isTheOptimumAndWastesNothing() {
        Allocation best = EPOCH.optimum(GOPHER);
        TokenLimit limit = Objects.requireNonNull(
                of("epoch", known(null, null, best.tokens() * 1.01, null, null)).tokenLimited());

        assertThat(limit.binding()).isFalse();
        assertThat(limit.params()).isCloseTo(best.params(), withinPercentage(1e-9));
        assertThat(limit.wastedFlops()).isZero();
        assertThat(limit.idleFlops()).isZero();
    }

    @Test
    void tokenLimited_fewTokens_spendsAllAndSaysWhatThatBuys() {
        double most = 1e11;
        TokenLimit limit = Objects.requireNonNull(
                of("epoch", known(null, null, most, null, null)).tokenLimited());

        assertThat(limit.tokens()).isEqualTo(most);
        assertThat(6 * limit.params() * most).isCloseTo(GOPHER, withinPercentage(1e-9));
        assertThat(limit.loss()).isCloseTo(EPOCH.loss(limit.params(), most), within(1e-12));
        assertThat(EPOCH.optimum(GOPHER - limit.wastedFlops()).loss()).isCloseTo(limit.loss(), within(1e-9));
        assertThat(EPOCH.loss(limit.enoughParams(), most)).isCloseTo(1.001 * limit.loss(), within(1e-9));
        assertThat(limit.idleFlops()).isCloseTo(GOPHER - 6 * limit.enoughParams() * most, withinPercentage(1e-6));
    }

    @Test
    void plan_theOptimumItself_wastesNothing() {
        Allocation best = Sample.LAW.optimum(1e21);
        Advice advice = of(LADDER, 1e21, known(null, null, null, best.params(), best.tokens()));
        Advice.PlanReview plan = Objects.requireNonNull(advice.plan());

        assertThat(plan.wastedShare()).isCloseTo(0, within(1e-9));
        assertThat(plan.excessLoss().value()).isCloseTo(0, within(1e-12));
        assertThat(plan.caveats()).anyMatch(caveat -> caveat.contains("its excess may be 0"));
    }

    @Test
    void plan_paramsAlone_spendsTheBudgetOnThem() {
        Advice.PlanReview plan = Objects.requireNonNull(
                of(LADDER, 1e21, known(null, null, null, 1e10, null)).plan());
        Advice.PlanReview same = Objects.requireNonNull(
                of(LADDER, 1e21, known(null, null, null, null, plan.tokens())).plan());

        assertThat(plan.flops()).isCloseTo(1e21, withinPercentage(1e-9));
        assertThat(same.params()).isCloseTo(1e10, withinPercentage(1e-9));
        assertThat(plan.loss().value()).isCloseTo(Sample.LAW.loss(1e10, plan.tokens()), within(1e-12));
        assertThat(plan.sameFlops().loss() + plan.excessLoss().value())
                .isCloseTo(plan.loss().value(), within(1e-12));
        assertThat(plan.sameLoss().loss()).isCloseTo(plan.loss().value(), within(1e-9));
        assertThat(plan.sameLoss().flops() + plan.wastedFlops()).isCloseTo(1e21, withinPercentage(1e-9));
    }

    @Test
    void plan_offTheBudgetAndTheData_saysSo() {
        Advice.PlanReview plan = Objects.requireNonNull(
                of(LADDER, 1e21, known(null, null, null, 1e9, 1e12)).plan());

        assertThat(plan.caveats())
                .contains("the plan costs 6.0 times the budget")
                .contains("extrapolates in D/N: 1000 tokens per parameter, the runs have at most 40");
    }

    @Test
    void plan_excess_isAsUncertainAsDrawsOfTheLaw() {
        long seed = 4;
        double small = 0.05;
        double[][] root = RecommendationsTest.cholesky(LADDER.covariance());
        Random random = new Random(seed);
        double[] draws = new double[20_000];
        for (int draw = 0; draw < draws.length; draw++) {
            double[] theta = Sample.LAW.theta();
            double[] normal =
                    DoubleStream.generate(random::nextGaussian).limit(5).toArray();
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j <= i; j++) {
                    theta[i] += small * root[i][j] * normal[j];
                }
            }
            ChinchillaLaw law = Sample.LAW.withTheta(theta);
            draws[draw] = law.loss(1e10, 1e21 / 6e10) - law.optimum(1e21).loss();
        }
        double mean = Arrays.stream(draws).average().orElseThrow();
        double sd = Math.sqrt(Arrays.stream(draws)
                        .map(d -> (d - mean) * (d - mean))
                        .average()
                        .orElseThrow())
                / small;
        Interval excess = Objects.requireNonNull(
                        of(LADDER, 1e21, known(null, null, null, 1e10, null)).plan())
                .excessLoss();

        double half80 = StudentQuantiles.of(LADDER.points().size() - 5).half80();
        assertThat((excess.upper80() - excess.value()) / half80)
                .as("seed %d", seed)
                .isCloseTo(sd, withinPercentage(3));
    }

    @Test
    void optimum_band_losesAThousandthAtItsEnds() {
        Recommendation.Band band = Objects.requireNonNull(
                of(LADDER, 1e21, Circumstances.NONE).optimum().nearOptimal());
        double best = Sample.LAW.optimum(1e21).loss();

        for (double params : new double[] {band.lowerParams(), band.upperParams()}) {
            assertThat(Sample.LAW.loss(params, 1e21 / 6 / params)).isCloseTo(1.001 * best, within(1e-9));
        }
        assertThat(Sample.LAW.optimum(1e21).params()).isBetween(band.lowerParams(), band.upperParams());
    }

    @Test
    void of_unitsOfTokens_doNotMatter() {
        ChinchillaLaw inBillions = new ChinchillaLaw(
                EPOCH.E(),
                EPOCH.A() * Math.pow(1e9, -EPOCH.alpha()),
                EPOCH.B() * Math.pow(1e9, -EPOCH.beta()),
                EPOCH.alpha(),
                EPOCH.beta());
        Advice plain = of("epoch", known(1e12, 1e11, 1e11, 1e10, 1e12));
        Advice scaled = Objects.requireNonNull(
                Advice.of("scaled", inBillions, List.of(), Double.NaN, GOPHER / 1e18, known(1e3, 1e2, 1e2, 10.0, 1e3)));

        same(plain, scaled, advice -> Objects.requireNonNull(advice.served()).savedShare());
        same(plain, scaled, advice -> Objects.requireNonNull(advice.repeated()).loss());
        same(plain, scaled, advice -> Objects.requireNonNull(advice.plan()).wastedShare());
        same(
                plain,
                scaled,
                advice -> Objects.requireNonNull(advice.tokenLimited()).loss());
        same(plain, scaled, advice -> advice.otherSizes().get(3).extraShare());
    }

    @Test
    void of_publishedLaw_hasValuesAndSaysWhatIsUnknown() throws Exception {
        Advice advice = of("epoch", known(1e12, 1e11, 1e11, 1e11, null));

        assertThat(advice.optimum().params().value()).isCloseTo(7.31904e10, withinPercentage(1e-3));
        assertThat(advice.optimum().params().upper95()).isNaN();
        assertThat(advice.optimum().caveats())
                .containsExactly(
                        "the law came without its runs: how far this extrapolates is not known",
                        "the law has no covariance: the intervals are unknown");
        JsonNode json = Json.tree(Json.write(advice));
        assertThat(json.at("/optimum/nearOptimal/lowerParams").asDouble()).isPositive();
        assertThat(json.at("/otherSizes").size()).isEqualTo(4);
        assertThat(json.at("/plan/sameLoss/flops").asDouble()).isLessThan(GOPHER);
        assertThat(json.at("/plan/excessLoss/upper80").asText()).isEqualTo("NaN");
    }

    @Test
    void otherSizes_tooSmallAModel_neverReachesTheLoss() {
        Advice.OtherSize tiny =
                of("epoch", known(null, null, null, 1e8, 1e9)).otherSizes().get(3);

        assertThat(tiny.tokens()).isInfinite();
        assertThat(tiny.caveats())
                .containsExactly("a model of this size does not reach the loss on any number of tokens");
    }

    /** Whatever is asked is answered soon: an endless search would hold a thread of the server. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.MIN_VALUE, 1e-300, 1e-100, 1e-9, 1, 1e40, 1e100, 1e300, Double.MAX_VALUE})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void of_extremes_endsSoon(double extreme) {
        for (SurfaceLaw law : List.of(
                EPOCH,
                (SurfaceLaw) Presets.named("muennighoff-c4").law(),
                (SurfaceLaw) Presets.named("kaplan").law(),
                new OvertrainingLaw(1.84, 212, 367, 0.136),
                new FarseerLaw(114, -0.31, 0.6, 5, -0.1, 7, -0.05, 0.05, -0.86),
                new FarseerLaw(-0.021, 0.169, -0.091, 88.01, -0.1, -6.287, -0.124, 0.123, 0.424),
                new GammaLaw(1.8, 480, 2100, 0.35, 0.37, 0.9))) {
            for (Circumstances known : List.of(
                    known(extreme, null, null, null, null),
                    known(null, extreme, null, null, null),
                    known(null, null, extreme, null, null),
                    known(null, null, null, extreme, null),
                    known(null, null, null, null, extreme))) {
                assertThat(Advice.of("law", law, List.of(), Double.NaN, 1e21, known))
                        .as(known.toString())
                        .isNotNull();
            }
            Advice any = Advice.of("law", law, List.of(), Double.NaN, extreme, known(1e12, 1e11, 1e11, 1e9, 1e12));
            assertThat(any == null || any.optimum().budgetFlops() == extreme).isTrue();
        }
    }

    @Test
    void of_noLaw_isNothing() {
        assertThat(Advice.of(Sample.noLaw("s"), 1e21, Circumstances.NONE)).isNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void circumstances_notANumberAboveZero_isRefused(double value) {
        assertThatThrownBy(() -> known(value, null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("inferenceTokens must be a finite number above 0");
        assertThatThrownBy(() -> known(null, null, null, null, value)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void same(Advice plain, Advice scaled, Function<Advice, Double> number) {
        assertThat(number.apply(scaled)).isCloseTo(number.apply(plain), withinPercentage(1e-5));
    }

    private static Advice of(String preset, Circumstances known) {
        SurfaceLaw law = (SurfaceLaw) Presets.named(preset).law();
        return Objects.requireNonNull(Advice.of(preset, law, List.of(), Double.NaN, GOPHER, known));
    }

    private static Advice of(LawEstimate estimate, double budget, Circumstances known) {
        return Objects.requireNonNull(Advice.of(estimate, budget, known));
    }

    private static Circumstances known(
            @Nullable Double inferenceTokens,
            @Nullable Double uniqueTokens,
            @Nullable Double maxTokens,
            @Nullable Double params,
            @Nullable Double tokens) {
        return new Circumstances(inferenceTokens, uniqueTokens, maxTokens, params, tokens);
    }
}
