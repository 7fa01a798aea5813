package io.straightedge.fitter.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurveLesson;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class HistoryPartsTest {

    @Test
    void stack_ofTwo_isWeighedByPrecisionAndWidenedByDisagreement() {
        Stack stack = new Stack();
        stack.add(3, .1);
        stack.add(3.3, .2);
        assertThat(stack.mean()).isCloseTo(3.06, within(1e-12));
        // 1/(100 + 25) + 100 * 25 / 125^2 * .3^2
        assertThat(stack.scale()).isCloseTo(Math.sqrt(.008 + .0144), within(1e-9));
    }

    @Test
    void reliability_withoutRuns_isUsual_withManyIsTheirs() {
        assertThat(Reliability.of(new double[0], 1.3)).isCloseTo(1.3, within(1e-12));
        double[] twice = new double[10_000];
        Arrays.fill(twice, 2);
        assertThat(Reliability.of(twice, 1)).isCloseTo(2, within(1e-3));
        assertThat(Reliability.of(new double[] {Double.NaN, 100}, 1)).isCloseTo(Math.sqrt(29 / 5.), within(1e-12));
    }

    @Test
    void reliability_ofAnEntry_fallsFromFiveRunsOn() {
        assertThat(Reliability.entry(5)).isCloseTo(Math.sqrt(5), within(1e-12));
        assertThat(Reliability.entry(8)).isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(Reliability.entry(400)).isCloseTo(1, within(.01));
    }

    @Test
    void recipeTrend_ofALine_readsItAtTheNewRecipe() {
        double[][] x = new double[40][];
        double[] y = new double[40];
        double[] weight = new double[40];
        for (int j = 0; j < 40; j++) {
            x[j] = new double[] {.1 * j, Double.NaN};
            y[j] = .5 + .3 * .1 * j;
            weight[j] = 1;
        }
        double[] at = {6, 2};
        RecipeTrend trend = RecipeTrend.fit(x, y, weight, at, new double[] {.3, 0}, new double[] {.1, .1}, .2, 1e-6, 0);
        assertThat(trend.value()).isCloseTo(.5 + .3 * 6, within(1e-6));
        RecipeTrend none = RecipeTrend.fit(
                new double[0][],
                new double[0],
                new double[0],
                at,
                new double[] {.3, 0},
                new double[] {.1, .1},
                .2,
                4,
                -1);
        assertThat(none.value()).isCloseTo(-1, within(1e-12));
    }

    @Test
    void standing_onAPowerLaw_isTheLawItselfBeforeAtAndAfterTheLastBin() {
        LogBins bins = new LogBins();
        for (int i = 0; i < 40; i++) {
            long step = Math.round(100 * Math.pow(2, i / 8.0));
            bins.add(step, 5 * Math.pow((double) step, -.1));
        }
        double last = bins.meanStep(bins.size() - 1);
        CurveFit fit = fit(bins);
        for (double step : new double[] {.5 * last, last, 1.04 * last}) {
            Standing standing = Objects.requireNonNull(Standing.at(bins, bins.size(), step, fit));
            assertThat(standing.level()).isCloseTo(Math.log(5) - .1 * Math.log(step), within(5e-4));
            assertThat(standing.shape()[0]).isCloseTo(-.1 * Math.log(.8), within(5e-4));
            assertThat(standing.shape()[3]).isCloseTo(-.1 * Math.log(.2), within(5e-4));
        }
        assertThat(Standing.at(bins, 2, last, fit)).isNull();
    }

    /** Between bins far apart the fitted curve tells how the loss bends; a line between them would be 4 % of the fall off. */
    @Test
    void standing_betweenSparseBins_followsTheCurve() {
        LogBins bins = new LogBins();
        for (long step = 100; step <= 12_800; step *= 2) {
            bins.add(step, 2 + 5 / Math.sqrt((double) step));
        }
        double step = 800 * Math.sqrt(2);
        Standing standing = Objects.requireNonNull(Standing.at(bins, bins.size(), step, fit(bins)));
        assertThat(standing.level()).isCloseTo(Math.log(2 + 5 / Math.sqrt(step)), within(3e-4));
    }

    private static CurveFit fit(LogBins bins) {
        LrPlan plan = LrPlan.of(Schedule.of(ScheduleKind.CONSTANT, null, null), 20_000);
        return ((Outcome.Found<CurveLesson>) new CurveForecaster().learn(bins, plan, 1e-4))
                .value()
                .fit();
    }

    @Test
    void standing_withASpike_isCutDownAndCounted() {
        LogBins bins = new LogBins();
        for (int i = 0; i < 20; i++) {
            bins.add(Math.round(100 * Math.pow(2, i / 8.0)), i == 19 ? 4 : 3);
        }
        Standing standing = Objects.requireNonNull(Standing.at(bins, bins.size(), bins.meanStep(19), fit(bins)));
        assertThat(standing.level()).isCloseTo(Math.log(3), within(1e-9));
        assertThat(standing.shape()[4]).isCloseTo(Math.log(2), within(1e-12));
    }
}
