package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.publisher.Sample;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChanceTest {

    private static final LawEstimate LAW =
            Sample.law("s", 1, Sample.points(0, 44e6, 90e6, 175e6, 350e6, 760e6), List.of());

    @ParameterizedTest
    @CsvSource({
        "0, 0.5",
        "1, 0.8413447460685429",
        "-1, 0.15865525393145707",
        "1.959963984540054, 0.975",
        "-3, 0.0013498980316300933",
        "6, 0.9999999990134124",
        "-40, 0",
        "40, 1"
    })
    void below_deviates_areThePrintedProbabilities(double z, double probability) {
        assertThat(Normal.below(z)).isCloseTo(probability, within(1e-14));
    }

    @Test
    void of_finishedSibling_isTheNormalTail() {
        Chance chance = of(run(2.70, 0.01), finished("a", 1e9, 2e10, 2.71), finished("b", 1e9, 1e10, 2.80));

        assertThat(chance.probability()).isCloseTo(Normal.below(1), within(1e-9));
        assertThat(chance.rival()).isEqualTo(new Chance.Rival("a", 1.2e20, 2.71, 0, true));
        assertThat(chance.flopsPlanned()).isEqualTo(6 * 1e9 * 2.4e10);
        assertThat(chance.flopsLeft()).isCloseTo(0.6 * chance.flopsPlanned(), withinPercentage(1));
        assertThat(chance.text())
                .isEqualTo("84 % chance to end below the best sibling, a (2.710 with 83 % of its compute); "
                        + "stopping now would save 8.6e19 FLOPs, 60 % of its plan.");
    }

    @Test
    void of_runningSibling_isTheNormalOfTheDifference() {
        Chance chance = of(run(2.70, 0.01), running("a", 1e9, 2e10, 2.69, 0.02));

        assertThat(chance.probability()).isCloseTo(Normal.below(-0.01 / Math.hypot(0.01, 0.02)), within(1e-6));
        assertThat(Objects.requireNonNull(chance.rival()).finished()).isFalse();
        assertThat(chance.text()).contains("a (forecast 2.690");
    }

    @Test
    void of_several_agreesWithDraws() {
        Chance chance = of(
                run(2.70, 0.02),
                finished("a", 1e9, 2e10, 2.705),
                running("b", 1e9, 2e10, 2.70, 0.01),
                running("c", 1e9, 2e10, 2.72, 0.03));
        long seed = 7;
        Random random = new Random(seed);
        int wins = 0;
        int draws = 1_000_000;
        for (int i = 0; i < draws; i++) {
            double own = 2.70 + 0.02 * random.nextGaussian();
            boolean best = own < 2.705
                    && own < 2.70 + 0.01 * random.nextGaussian()
                    && own < 2.72 + 0.03 * random.nextGaussian();
            wins += best ? 1 : 0;
        }

        assertThat(chance.probability()).as("seed %d", seed).isCloseTo(wins / (double) draws, within(2e-3));
    }

    @Test
    void of_dearerOrOtherSiblings_doNotCount() {
        Chance chance = of(
                run(2.70, 0.01),
                finished("dearer", 1e9, 4e10, 2.5),
                with(finished("val", 1e9, 1e10, 2.4), "s", "val", RunStatus.FINISHED, null),
                with(finished("elsewhere", 1e9, 1e10, 2.4), "other", "train", RunStatus.FINISHED, null),
                with(finished("failed", 1e9, 1e10, 2.4), "s", "train", RunStatus.FAILED, null),
                finished("same", 1e9, 2.41e10, 2.9));

        assertThat(Objects.requireNonNull(chance.rival()).run()).isEqualTo("same");
        assertThat(chance.probability()).isGreaterThan(0.999);
        assertThat(chance.text()).startsWith("More than 99 % chance");
    }

    @Test
    void of_hopelessRun_saysSo() {
        assertThat(of(run(2.9, 0.01), finished("a", 1e9, 2e10, 2.7)).text()).startsWith("Less than 1 % chance");
    }

    @Test
    void of_betterForecast_isMoreLikely() {
        double before = 0;
        for (double mean : new double[] {2.8, 2.75, 2.71, 2.70, 2.65}) {
            double probability = of(
                            run(mean, 0.02), finished("a", 1e9, 2e10, 2.705), running("b", 1e9, 2e10, 2.7, 0.02))
                    .probability();
            assertThat(probability).isGreaterThan(before);
            before = probability;
        }
    }

    @Test
    void of_law_addsWhatItExpects() {
        Chance chance =
                Objects.requireNonNull(Chance.of(run(2.70, 0.01), LAW, List.of(finished("a", 1e9, 2e10, 2.71))));

        assertThat(chance.lawLoss()).isEqualTo(Sample.LAW.loss(1e9, 2.4e10));
        assertThat(Objects.requireNonNull(chance.bestByLaw()))
                .isEqualTo(Sample.LAW.optimum(1.44e20).loss())
                .isLessThan(Objects.requireNonNull(chance.lawLoss()));
        assertThat(of(run(2.70, 0.01), finished("a", 1e9, 2e10, 2.71)).lawLoss())
                .isNull();
    }

    @Test
    void of_noForecastOfItsOwn_takesTheLaws() {
        CurveEstimate early = Sample.curve("s", "r", 1e9, 2.4e10, 0.05);

        Chance chance = Objects.requireNonNull(Chance.of(early, LAW, List.of(finished("a", 1e9, 2e10, 2.71))));

        assertThat(chance.probability()).isBetween(0.0, 1.0);
        assertThat(chance.text()).endsWith("The forecast is the law's: its own curve has none yet.");
    }

    @Test
    void of_whenItCannotSay_saysWhy() {
        CurveEstimate sibling = finished("a", 1e9, 2e10, 2.71);
        CurveEstimate early = Sample.curve("s", "r", 1e9, 2.4e10, 0.05);

        assertThat(of(early, sibling).text()).contains("no forecast");
        assertThat(of(early, sibling).probability()).isNaN();
        assertThat(of(run(2.7, 0.01)).text()).startsWith("There is nothing to beat");
        assertThat(of(sizeless(run(2.7, 0.01)), sibling).text()).contains("parameters or planned tokens are not known");
        assertThat(of(broken(run(2.7, 0.01)), sibling).text()).contains("not a finite number");
        assertThat(Chance.of(sibling, LAW, List.of())).isNull();
    }

    private static Chance of(CurveEstimate run, CurveEstimate... siblings) {
        return Objects.requireNonNull(Chance.of(run, null, List.of(siblings)));
    }

    private static CurveEstimate run(double mean, double sd) {
        return running("r", 1e9, 2.4e10, mean, sd);
    }

    private static CurveEstimate running(String name, double params, double tokens, double mean, double sd) {
        CurveEstimate curve = Sample.curve("s", name, params, tokens, 0.4);
        Forecast forecast =
                Forecast.symmetric(mean, sd, 0.6744897501960817 * sd, 1.2815515655446004 * sd, 1.959963984540054 * sd);
        return with(curve, params, true, "s", "train", RunStatus.RUNNING, forecast, null);
    }

    private static CurveEstimate finished(String name, double params, double tokens, double loss) {
        CurveEstimate curve = Sample.curve("s", name, params, tokens, 1);
        CurveEstimate exact = with(curve, params, true, "s", "train", RunStatus.FINISHED, curve.finalLoss(), loss);
        // The sample counts tokens in whole steps.
        return withTokens(exact, tokens);
    }

    private static CurveEstimate sizeless(CurveEstimate from) {
        return with(from, null, true, from.study(), from.split(), from.status(), from.finalLoss(), null);
    }

    private static CurveEstimate broken(CurveEstimate from) {
        return with(from, from.params(), false, from.study(), from.split(), from.status(), from.finalLoss(), null);
    }

    private static CurveEstimate with(
            CurveEstimate from, String study, String split, RunStatus status, @Nullable Forecast forecast) {
        return with(from, from.params(), true, study, split, status, forecast, from.observedFinal());
    }

    private static CurveEstimate with(
            CurveEstimate from,
            @Nullable Double params,
            boolean finite,
            String study,
            String split,
            RunStatus status,
            @Nullable Forecast forecast,
            @Nullable Double observed) {
        return new CurveEstimate(
                study,
                from.run(),
                split,
                from.id(),
                from.sequence(),
                from.revision(),
                status,
                from.attempt(),
                params,
                from.paramsCount(),
                from.plannedTokens(),
                from.plannedSteps(),
                from.tokensPerStep(),
                from.step(),
                from.tokens(),
                from.lastLoss(),
                finite,
                from.form(),
                Map.of(),
                from.sigma(),
                List.of(),
                List.of(),
                forecast,
                observed,
                List.of(),
                List.of());
    }

    private static CurveEstimate withTokens(CurveEstimate from, double tokens) {
        return new CurveEstimate(
                from.study(),
                from.run(),
                from.split(),
                from.id(),
                from.sequence(),
                from.revision(),
                from.status(),
                from.attempt(),
                from.params(),
                from.paramsCount(),
                tokens,
                from.plannedSteps(),
                from.tokensPerStep(),
                from.step(),
                tokens,
                from.lastLoss(),
                from.finite(),
                from.form(),
                Map.of(),
                from.sigma(),
                List.of(),
                List.of(),
                from.finalLoss(),
                from.observedFinal(),
                List.of(),
                List.of());
    }
}
