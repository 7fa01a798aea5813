package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExtrapolationTest {

    private static final ChinchillaLaw FIRST = new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);
    private static final GammaLaw SECOND = new GammaLaw(1.75, 2305, 9957, 0.42436, 0.43053, 0.77414);

    private static List<List<Double>> covariance(double variance) {
        return IntStream.range(0, 5)
                .mapToObj(i -> IntStream.range(0, 5)
                        .mapToObj(j -> i == j ? variance : 0.0)
                        .toList())
                .toList();
    }

    private static Extrapolation forecast(double share, double variance, double sigma, double factor) {
        return new Extrapolation(FIRST, SECOND, share, covariance(variance), sigma, 1e21, 1, 1000, factor, 5, 2);
    }

    @Test
    void run_oneLawAndNothingUncertain_isThatLawWithTheScatterOfRuns() {
        // At the optimum q is 0; with share 0 the second law counts in the disagreement only.
        Extrapolation forecast = new Extrapolation(
                FIRST,
                new GammaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658, 1),
                0,
                covariance(0),
                0.01,
                1e21,
                1e-3,
                1e6,
                2,
                5,
                2);
        Allocation best = FIRST.optimum(1e20);
        Extrapolation.Band band = forecast.run(best.params(), best.tokens(), 0.9);
        assertThat(band.value()).isCloseTo(best.loss(), within(1e-12));
        assertThat(Math.log(band.upper() / band.value())).isCloseTo(2 * 0.01 * 2.015048, within(1e-6));
        assertThat(Math.log(band.value() / band.lower())).isCloseTo(2 * 0.01 * 2.015048, within(1e-6));
        Extrapolation.Band law = forecast.law(best.params(), best.tokens(), 0.9);
        assertThat(law.upper()).isCloseTo(law.lower(), within(1e-12));
    }

    @Test
    void run_share_movesTheValueFromTheFirstLawToTheSecond() {
        double first = FIRST.loss(1e10, 1e11);
        double second = SECOND.loss(1e10, 1e11);
        assertThat(forecast(0, 1e-4, 0.01, 1).run(1e10, 1e11, 0.8).value()).isCloseTo(first, within(1e-12));
        assertThat(forecast(1, 1e-4, 0.01, 1).run(1e10, 1e11, 0.8).value()).isCloseTo(second, within(1e-12));
        assertThat(forecast(0.5, 1e-4, 0.01, 1).run(1e10, 1e11, 0.8).value())
                .isCloseTo(Math.sqrt(first * second), within(1e-12));
    }

    @Test
    void bands_widen_withLevelFactorVarianceAndCompute() {
        Extrapolation forecast = forecast(0.5, 1e-6, 0.005, 1.5);
        assertThat(width(forecast.run(1e10, 1e11, 0.95))).isGreaterThan(width(forecast.run(1e10, 1e11, 0.8)));
        assertThat(width(forecast.run(1e10, 1e11, 0.9))).isGreaterThan(width(forecast.law(1e10, 1e11, 0.9)));
        assertThat(width(forecast(0.5, 1e-6, 0.005, 2).law(1e10, 1e11, 0.9)))
                .isGreaterThan(width(forecast.law(1e10, 1e11, 0.9)));
        assertThat(width(forecast(0.5, 1e-4, 0.005, 1.5).law(1e10, 1e11, 0.9)))
                .isGreaterThan(width(forecast.law(1e10, 1e11, 0.9)));
        assertThat(width(forecast.params(1e25, 0.9))).isGreaterThan(width(forecast.params(1e22, 0.9)));
    }

    @Test
    void run_farAboveTheFrontier_isLessCertain() {
        Extrapolation forecast = forecast(0.5, 0, 0.005, 1);
        Allocation best = FIRST.optimum(1e20);
        double off = best.params() * 30;
        assertThat(forecast.sdLogRun(off, 1e20 / 6 / off))
                .isGreaterThan(forecast.sdLogRun(best.params(), best.tokens()) * 1.2);
    }

    @Test
    void params_ofOneForm_isItsClosedForm() {
        Extrapolation.Band band = forecast(0, 1e-6, 0.005, 1).params(1e22, 0.9);
        assertThat(band.value()).isCloseTo(FIRST.optimum(1e22).params(), within(1.0));
        assertThat(band.lower()).isLessThan(band.value());
    }

    private static double width(Extrapolation.Band band) {
        return Math.log(band.upper() / band.lower());
    }
}
