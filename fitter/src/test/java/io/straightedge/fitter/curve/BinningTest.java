package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the width of the bins matters to the forecast. */
class BinningTest {

    /** The curve seen until {@code until}, with so many bins an octave. */
    private static LogBins bins(RealData.Curve curve, double until, int perOctave) {
        LogBins bins = new LogBins();
        int bin = Integer.MIN_VALUE;
        int index = 0;
        long n = 0;
        double steps = 0;
        double losses = 0;
        for (RealData.Point point : curve.points()) {
            if (point.step() > until) {
                break;
            }
            int own = (int) Math.floor(perOctave * Math.log((double) Math.max(1, point.step())) / Math.log(2));
            if (own != bin && n > 0) {
                bins.put(index++, n, steps / n, losses / n, 0);
                n = 0;
                steps = 0;
                losses = 0;
            }
            bin = own;
            n++;
            steps += point.step();
            losses += point.loss();
        }
        if (n > 0) {
            bins.put(index, n, steps / n, losses / n, 0);
        }
        return bins;
    }

    @ParameterizedTest
    @CsvSource({
        "olmo_ladder/curves.csv, .5", "olmo_ladder/curves.csv, .7", "olmo_ladder/curves.csv, .9",
        "multipowerlaw/curves.csv, .5", "multipowerlaw/curves.csv, .7", "multipowerlaw/curves.csv, .9"
    })
    void fit_fourOrFortyEightBinsAnOctave_medianErrorMovesByLessThanAThousandthOfANat(String file, double fraction) {
        List<Double> coarse = new ArrayList<>();
        List<Double> fine = new ArrayList<>();
        for (RealData.Curve curve : RealData.curves(file)) {
            if (curve.schedule() == null) {
                continue;
            }
            LrPlan plan = LrPlan.of(curve.schedule(), curve.end());
            List<Double> ends = new ArrayList<>();
            for (int perOctave : new int[] {4, 48}) {
                LogBins bins = bins(curve, fraction * curve.end(), perOctave);
                NoiseScale noise = new NoiseScale();
                curve.points().stream()
                        .filter(point -> point.step() <= fraction * curve.end())
                        .forEach(point -> noise.add((double) point.step(), point.loss()));
                if (new CurveForecaster(perOctave).fit(bins, bins.size(), plan, noise.sigma(), CurvePrior.UNIVERSAL)
                        instanceof Outcome.Found<CurveFit> found) {
                    ends.add(Math.abs(found.value().finalLoss().mean() - curve.target()));
                }
            }
            if (ends.size() == 2) {
                coarse.add(ends.get(0));
                fine.add(ends.get(1));
            }
        }
        double four = median(coarse);
        double fortyEight = median(fine);
        System.out.printf(
                "%s at %.0f %%: %d curves, median error with 4 bins an octave %.5f nats, with 48 %.5f%n",
                file, 100 * fraction, fine.size(), four, fortyEight);
        assertThat(fine).hasSizeGreaterThan(20);
        assertThat(Math.abs(four - fortyEight)).isLessThan(.001);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return .5 * (sorted.get((n - 1) / 2) + sorted.get(n / 2));
    }
}
