package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastPoint;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveForecasterTest {

    private static final long T = 10_000;
    private static final Schedule COSINE = new Schedule(ScheduleKind.COSINE, 200L, 1.0, 0.1, null, null, List.of());

    private final CurveForecaster forecaster = new CurveForecaster();

    /** A curve of the model's own family: alpha .46, asymptote 2.6, drop 7 % of 2.8 in shape 4. */
    private static double truth(LrPlan plan, double step) {
        return 2.6 + 6 * Math.pow(Math.max(1, plan.progress(step)), -0.46) - 0.07 * 2.8 * plan.anneal(4, step);
    }

    private static LogBins observed(LrPlan plan, long until, double scale, double sigma) {
        Random random = new Random(4);
        LogBins bins = new LogBins();
        for (long step = 0; step <= until; step++) {
            bins.add(step, scale * (truth(plan, (double) step) + sigma * random.nextGaussian()));
        }
        return bins;
    }

    private CurveFit found(LogBins bins, LrPlan plan, double sigma) {
        Outcome<CurveFit> outcome = forecaster.fit(bins, bins.size(), plan, sigma, CurvePrior.UNIVERSAL);
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<CurveFit>) outcome).value();
    }

    @Test
    void fit_curveOfTheModelsFamily_forecastsItsEndWithinTheInterval() {
        LrPlan plan = LrPlan.of(COSINE, T);
        double end = truth(plan, 0.99 * T);
        double widest = Double.POSITIVE_INFINITY;
        for (double fraction : new double[] {0.2, 0.4, 0.6, 0.8}) {
            CurveFit fit = found(observed(plan, (long) (fraction * T), 1, 0.03), plan, 0.03);
            Forecast forecast = fit.finalLoss();
            assertThat(forecast.mean()).as("at %s", fraction).isCloseTo(end, within(0.02 * end));
            assertThat(end).isBetween(forecast.lower95(), forecast.upper95());
            assertThat(forecast.scale()).isLessThan(widest);
            widest = forecast.scale();
        }
        assertThat(found(observed(plan, 8000, 1, 0.03), plan, 0.03)
                        .coefficients()
                        .get("alpha"))
                .isBetween(0.35, 0.6);
    }

    @Test
    void fit_lossesInOtherUnits_forecastScalesAlong() {
        LrPlan plan = LrPlan.of(COSINE, T);
        Forecast nats = found(observed(plan, 5000, 1, 0.03), plan, 0.03).finalLoss();
        Forecast other = found(observed(plan, 5000, 2, 0.03), plan, 0.06).finalLoss();
        assertThat(other.mean()).isCloseTo(2 * nats.mean(), within(1e-9));
        assertThat(other.upper95() - other.mean()).isCloseTo(2 * (nats.upper95() - nats.mean()), within(1e-9));
    }

    @Test
    void fit_twiceAndByAnotherWorkspace_sameBits() {
        LrPlan plan = LrPlan.of(COSINE, T);
        LogBins bins = observed(plan, 5000, 1, 0.03);
        Forecast first = found(bins, plan, 0.03).finalLoss();
        found(observed(plan, 9000, 1, 0.03), plan, 0.03);
        assertThat(found(bins, plan, 0.03).finalLoss()).isEqualTo(first);
        Outcome<CurveFit> other =
                new CurveForecaster().fit(bins, bins.size(), LrPlan.of(COSINE, T), 0.03, CurvePrior.UNIVERSAL);
        assertThat(((Outcome.Found<CurveFit>) other).value().finalLoss()).isEqualTo(first);
    }

    @Test
    void rest_asked_risesFromHereToTheEndInWideningBands() {
        LrPlan plan = LrPlan.of(COSINE, T);
        CurveFit fit = found(observed(plan, 4000, 1, 0.03), plan, 0.03);
        List<ForecastPoint> rest = fit.rest(500, 4096);
        assertThat(rest).hasSize(64);
        assertThat(rest.get(0).step()).isEqualTo(fit.step());
        assertThat(rest.get(63).step()).isEqualTo(T);
        assertThat(rest.get(63).tokens()).isEqualTo(4096.0 * T);
        for (int i = 1; i < rest.size(); i++) {
            assertThat(rest.get(i).step()).isGreaterThan(rest.get(i - 1).step());
            assertThat(rest.get(i).loss())
                    .isBetween(rest.get(i).lower80(), rest.get(i).upper80());
            assertThat(rest.get(i).lower95()).isLessThan(rest.get(i).lower80());
        }
        assertThat(width(rest.get(63))).isGreaterThan(width(rest.get(32)));
        assertThat(width(rest.get(32))).isGreaterThan(width(rest.get(0)));
        assertThat(fit.sd(T)).isGreaterThan(fit.sd(fit.step()));
    }

    private static double width(ForecastPoint point) {
        return point.upper95() - point.lower95();
    }

    @Test
    void fit_runPastItsPlan_forecastsWhereItStands() {
        LrPlan plan = LrPlan.of(COSINE, 5000);
        CurveFit fit = found(observed(plan, 9000, 1, 0.01), plan, 0.01);
        assertThat(fit.fraction()).isEqualTo(1);
        assertThat(fit.rest(64, Double.NaN)).isEmpty();
        assertThat(fit.finalLoss().mean()).isCloseTo(truth(plan, 5000), within(0.02));
    }

    @Test
    void fit_sigmaUnknownOrZero_isFinite() {
        LrPlan plan = LrPlan.of(Schedule.of(ScheduleKind.CONSTANT, null, 1.0), 10_000_000);
        LogBins bins = new LogBins();
        for (long step = 0; step < 4_000_000; step += 1000) {
            bins.add(step, 2);
        }
        for (double sigma : new double[] {Double.NaN, 0}) {
            Forecast forecast = found(bins, plan, sigma).finalLoss();
            assertThat(forecast.mean()).isCloseTo(2, within(0.05));
            assertThat(forecast.lower95()).isFinite();
            assertThat(forecast.scale()).isPositive();
        }
    }

    @Test
    void fit_tooEarlyOrUseless_refusesInWords() {
        LrPlan plan = LrPlan.of(COSINE, T);
        LogBins none = new LogBins();
        assertThat(forecaster.fit(none, 0, plan, 0.1, CurvePrior.UNIVERSAL))
                .isEqualTo(Outcome.refused("no bin is closed yet"));
        LogBins warming = observed(plan, 150, 1, 0.03);
        assertThat(forecaster.fit(warming, warming.size(), plan, 0.1, CurvePrior.UNIVERSAL))
                .isEqualTo(Outcome.refused("the learning rate is still warming up"));
        LogBins young = observed(plan, 230, 1, 0.03);
        assertThat(forecaster.fit(young, young.size(), plan, 0.1, CurvePrior.UNIVERSAL))
                .isEqualTo(Outcome.refused("fewer than three bins after the warm-up"));
        LogBins zero = new LogBins();
        for (int step = 0; step < 1000; step++) {
            zero.add(step, 0);
        }
        assertThat(forecaster.fit(zero, zero.size(), plan, 0.1, CurvePrior.UNIVERSAL))
                .isEqualTo(Outcome.refused("the loss is not above zero"));
    }

    /** What a refit allocates is the fit handed back: at most 700 cells of 15 numbers, and no growth with the bins. */
    @Test
    void fit_manyTimes_allocatesOnlyItsResult() {
        LrPlan plan = LrPlan.of(COSINE, T);
        LogBins bins = observed(plan, 9000, 1, 0.03);
        for (int i = 0; i < 50; i++) {
            found(bins, plan, 0.03);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int fits = 100;
        for (int i = 0; i < fits; i++) {
            forecaster.fit(bins, bins.size(), plan, 0.03, CurvePrior.UNIVERSAL);
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / fits;
        System.out.println("bytes allocated a refit: " + bytes);
        assertThat(bytes).isLessThan(CurveForecaster.CELLS * 15L * 8 + 20_000);
    }
}
