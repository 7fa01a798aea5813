package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.Forecast;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forecast of the final loss on real curves, with only a part of each seen and its learning rates known. */
class ForecastBackTest {

    private final CurveForecaster forecaster = new CurveForecaster();

    /** Errors relative to the truth, and how many intervals held. */
    private record Score(List<Double> errors, int inside80, int inside95) {
        double median() {
            return errors.stream().sorted().toList().get(errors.size() / 2);
        }

        double largest() {
            return errors.stream().mapToDouble(x -> x).max().orElse(Double.NaN);
        }
    }

    private Score score(String file, double fraction) {
        List<Double> errors = new ArrayList<>();
        int inside80 = 0;
        int inside95 = 0;
        for (RealData.Curve curve : RealData.curves(file)) {
            if (curve.schedule() == null) {
                continue;
            }
            LogBins bins = new LogBins();
            NoiseScale noise = new NoiseScale();
            for (RealData.Point point : curve.points()) {
                if (point.step() <= fraction * curve.end()) {
                    bins.add(point.step(), point.loss());
                    noise.add(point.loss());
                }
            }
            LrPlan plan = LrPlan.of(curve.schedule(), curve.end());
            if (forecaster.fit(bins, bins.size(), plan, noise.sigma(), CurvePrior.universal(peak(curve)))
                    instanceof Outcome.Found<CurveFit> found) {
                Forecast forecast = found.value().finalLoss();
                double truth = curve.target();
                errors.add(Math.abs(forecast.mean() - truth) / truth);
                inside80 += truth >= forecast.lower80() && truth <= forecast.upper80() ? 1 : 0;
                inside95 += truth >= forecast.lower95() && truth <= forecast.upper95() ? 1 : 0;
            }
        }
        Score score = new Score(errors, inside80, inside95);
        System.out.printf(
                "%s at %.0f %%: %d curves, median |error| %.3f %%, largest %.3f %%, inside 80 %%: %d, 95 %%: %d%n",
                file, 100 * fraction, errors.size(), 100 * score.median(), 100 * score.largest(), inside80, inside95);
        return score;
    }

    private static double peak(RealData.Curve curve) {
        return curve.points().stream().mapToDouble(RealData.Point::lr).max().orElse(Double.NaN);
    }

    /** Bars near what the reference prototype reaches with the same prior: median 1.0, 0.7, 0.5 %. */
    @ParameterizedTest
    @CsvSource({
        "olmo_ladder/curves.csv, 0.3, 0.010", "olmo_ladder/curves.csv, 0.5, 0.007",
                "olmo_ladder/curves.csv, 0.7, 0.005",
        "multipowerlaw/curves.csv, 0.3, 0.010", "multipowerlaw/curves.csv, 0.5, 0.007",
                "multipowerlaw/curves.csv, 0.7, 0.005"
    })
    void fit_partOfARealCurve_forecastsTheFinalLoss(String file, double fraction, double bar) {
        Score score = score(file, fraction);
        assertThat(score.errors()).hasSizeGreaterThan(20);
        assertThat(score.median()).isLessThan(bar);
    }

    @Test
    void fit_partsOfRealCurves_intervalsHoldAboutAsOftenAsTheySay() {
        int n = 0;
        int inside80 = 0;
        int inside95 = 0;
        for (String file : List.of("olmo_ladder/curves.csv", "multipowerlaw/curves.csv")) {
            for (double fraction : new double[] {0.2, 0.3, 0.5, 0.7, 0.9}) {
                Score score = score(file, fraction);
                n += score.errors().size();
                inside80 += score.inside80();
                inside95 += score.inside95();
            }
        }
        assertThat(inside80 / (double) n).isBetween(0.65, 0.97);
        assertThat(inside95 / (double) n).isGreaterThan(0.88);
    }
}
