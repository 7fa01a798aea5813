package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forecasts of closed-form curves against those of an independent, dense implementation in NumPy. */
class GoldenForecastTest {

    record Golden(List<GoldenCurve> curves) {}

    record GoldenSchedule(
            String kind,
            long T,
            @Nullable Long warmup,
            @Nullable Long decayStart,
            @Nullable Double finalRatio) {}

    record GoldenPrior(
            double logAlphaMean,
            double logAlphaSd,
            List<Double> dropMean,
            List<Double> dropSd,
            List<Double> shapeWeights) {}

    record GoldenBins(List<Double> n, List<Double> step, List<Double> loss) {}

    record GoldenCase(
            double fraction,
            @Nullable Double sigma,
            GoldenBins bins,
            int used,
            double level,
            double finalMean,
            double sd,
            double alphaMean,
            double C,
            double E,
            double A,
            double tau) {}

    record GoldenCurve(
            String name,
            GoldenSchedule schedule,
            GoldenPrior prior,
            double peakStep,
            List<GoldenCase> cases,
            Map<String, List<Double>> D,
            List<Double> S1) {}

    static Stream<GoldenCurve> curves() {
        try (InputStream in = GoldenForecastTest.class.getResourceAsStream("forecasts.json")) {
            return Json.read(in.readAllBytes(), Golden.class).curves().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LrPlan plan(GoldenSchedule s) {
        ScheduleKind kind = switch (s.kind()) {
            case "wsd" -> ScheduleKind.WSD;
            case "cosine" -> ScheduleKind.COSINE;
            default -> ScheduleKind.CONSTANT;
        };
        Schedule schedule = new Schedule(
                kind,
                s.warmup(),
                1.0,
                kind == ScheduleKind.CONSTANT ? null : s.finalRatio(),
                s.decayStart(),
                null,
                List.of());
        return LrPlan.of(schedule, s.T());
    }

    @ParameterizedTest
    @MethodSource("curves")
    void anneal_ofAClosedFormSchedule_agrees(GoldenCurve curve) {
        LrPlan plan = plan(curve.schedule());
        assertThat(plan.peakStep()).isEqualTo(curve.peakStep());
        List<Double> steps = curve.D().getOrDefault("step", List.of());
        String[] names = {"a", "d", "e", "i", "n", "MPL"};
        for (int i = 0; i < steps.size(); i++) {
            assertThat(plan.progress(steps.get(i))).isCloseTo(curve.S1().get(i), within(1e-7));
            for (int shape = 0; shape < names.length; shape++) {
                assertThat(plan.anneal(shape, steps.get(i)))
                        .as("%s at %s", names[shape], steps.get(i))
                        .isCloseTo(
                                curve.D().getOrDefault(names[shape], List.of()).get(i), within(1e-11));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("curves")
    void fit_ofAClosedFormCurve_agrees(GoldenCurve curve) {
        LrPlan plan = plan(curve.schedule());
        GoldenPrior p = curve.prior();
        CurvePrior prior = new CurvePrior(p.logAlphaMean(), p.logAlphaSd(), p.dropMean(), p.dropSd(), p.shapeWeights());
        for (GoldenCase expected : curve.cases()) {
            LogBins bins = new LogBins();
            int n = expected.bins().n().size();
            for (int i = 0; i < n; i++) {
                double step = expected.bins().step().get(i);
                bins.put(
                        LogBins.indexOf(Math.round(step)),
                        Math.round(expected.bins().n().get(i)),
                        step,
                        expected.bins().loss().get(i),
                        0);
            }
            Outcome<CurveFit> outcome = new CurveForecaster()
                    .fit(
                            bins,
                            n - expected.used(),
                            n,
                            plan,
                            expected.sigma() == null ? .003 : expected.sigma() / expected.level(),
                            prior);
            CurveFit fit = ((Outcome.Found<CurveFit>) outcome).value();
            Forecast forecast = fit.finalLoss();
            Map<String, Double> found = fit.coefficients();
            assertThat(fit.level()).isCloseTo(expected.level(), within(1e-12));
            assertThat(forecast.mean())
                    .as("%s at %s", curve.name(), expected.fraction())
                    .isCloseTo(expected.finalMean(), within(1e-10));
            assertThat(found.get("alpha")).isCloseTo(expected.alphaMean(), within(1e-10));
            assertThat(found.get("C")).isCloseTo(expected.C(), within(1e-10));
            assertThat(found.get("A")).isCloseTo(expected.level() * expected.A(), within(1e-10));
            assertThat(found.get("tau")).isCloseTo(expected.tau(), within(1e-10));
            assertThat(fit.finalSd()).isCloseTo(expected.sd(), within(1e-10));
        }
    }
}
