package io.straightedge.fitter.interval;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.curve.NoiseScale;
import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Intervals on real studies, run after run: each forecast is made with what the runs before it have taught. */
class LearntIntervalsTest {

    private static final double[] FRACTIONS = {0.2, 0.3, 0.5, 0.7, 0.9};

    private static final Schedule CLARK = new Schedule(ScheduleKind.COSINE, 1_500L, 1.0, 0.1, null, null, List.of());

    private final CurveForecaster forecaster = new CurveForecaster();

    /** Forecasts that the shipped factors and the learnt ones held, of {@code n}. */
    private static final class Count {
        int n;
        final int[] shipped = new int[2];
        final int[] learnt = new int[2];
        double widthRatio;

        void add(Count other) {
            n += other.n;
            widthRatio += other.widthRatio;
            for (int i = 0; i < 2; i++) {
                shipped[i] += other.shipped[i];
                learnt[i] += other.learnt[i];
            }
        }

        double part(int count) {
            return count / (double) n;
        }

        void print(String what) {
            System.out.printf(
                    "%s: %d forecasts; 80 %% held %.1f %% shipped, %.1f %% learnt; 95 %% held %.1f %%, %.1f %%; "
                            + "widths of 80 %% x %.2f%n",
                    what,
                    n,
                    100 * part(shipped[0]),
                    100 * part(learnt[0]),
                    100 * part(shipped[1]),
                    100 * part(learnt[1]),
                    Math.exp(widthRatio / n));
        }
    }

    @Test
    void factors_realStudies_holdAboutAsOftenAsTheySayOnceRunsHaveEnded() {
        Count all = new Count();
        all.add(study("olmo_ladder/curves.csv", RealData.Curve::schedule));
        all.add(study("multipowerlaw/curves.csv", RealData.Curve::schedule));
        all.add(study("routing_clark/curves.csv", curve -> CLARK));
        all.print("all");
        assertThat(all.n).isGreaterThan(800);
        assertThat(all.part(all.learnt[0])).isBetween(0.75, 0.9);
        assertThat(all.part(all.learnt[1])).isBetween(0.92, 0.99);
    }

    /** Counts from the sixth run on. */
    private Count study(String file, Function<RealData.Curve, @Nullable Schedule> schedule) {
        ForecastLedger ledger = new ForecastLedger();
        Count count = new Count();
        int ended = 0;
        for (RealData.Curve curve : RealData.curves(file)) {
            Schedule known = schedule.apply(curve);
            if (known == null) {
                continue;
            }
            ForecastTrail trail = new ForecastTrail();
            for (double fraction : FRACTIONS) {
                CurveFit fit = fit(curve, LrPlan.of(known, curve.end()), fraction);
                if (fit == null) {
                    continue;
                }
                Forecast shipped = fit.with(ConformalFactors.LAW.at(fraction)).finalLoss();
                Forecast learnt =
                        fit.with(ledger.factors(ConformalFactors.LAW, fraction)).finalLoss();
                if (ended >= 5) {
                    double truth = curve.target();
                    count.n++;
                    count.shipped[0] += truth >= shipped.lower80() && truth <= shipped.upper80() ? 1 : 0;
                    count.shipped[1] += truth >= shipped.lower95() && truth <= shipped.upper95() ? 1 : 0;
                    count.learnt[0] += truth >= learnt.lower80() && truth <= learnt.upper80() ? 1 : 0;
                    count.learnt[1] += truth >= learnt.lower95() && truth <= learnt.upper95() ? 1 : 0;
                    count.widthRatio +=
                            Math.log((learnt.upper80() - learnt.lower80()) / (shipped.upper80() - shipped.lower80()));
                }
                long step = Math.round(fraction * curve.end());
                trail.keep(KeptForecast.of(step, curve.end(), learnt, ForecastMethod.LAW, List.of()));
            }
            ledger.put(ScoredRun.of(curve.run(), ended++, curve.target(), curve.end(), trail));
        }
        count.print(file);
        return count;
    }

    private @Nullable CurveFit fit(RealData.Curve curve, LrPlan plan, double fraction) {
        LogBins bins = new LogBins();
        NoiseScale noise = new NoiseScale();
        for (RealData.Point point : curve.points()) {
            if (point.step() > 0 && point.step() <= fraction * curve.end()) {
                bins.add(point.step(), point.loss());
                noise.add(point.loss());
            }
        }
        return forecaster.fit(bins, bins.size(), plan, noise.sigma(), CurvePrior.UNIVERSAL)
                        instanceof Outcome.Found<CurveFit> found
                ? found.value()
                : null;
    }
}
