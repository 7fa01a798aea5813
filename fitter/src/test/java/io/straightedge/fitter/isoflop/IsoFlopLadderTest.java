package io.straightedge.fitter.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.law.Found;
import io.straightedge.fitter.law.LawPoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The exponents of N* that Porian et al. find as Kaplan's choices are undone one by one, from their points.
 *
 * <p>Their text has seed noise grow with the loss. Their program compares the logarithm of a loss with bounds meant for
 * the loss, so that the published spreads are those of the constant lower noise: with it ours agree, and the exponents
 * stay in the authors' intervals with either.
 */
class IsoFlopLadderTest {

    private static final int DRAWS = 400;
    /** With the constant noise, by family: each is looked at from several sides. */
    private static final Map<String, IsoFlopTrends> TRENDS = new ConcurrentHashMap<>();

    private static LawPoints points(String family) {
        List<double[]> rows = new ArrayList<>();
        for (String line : RealData.lines("porian/finals.csv")) {
            String[] cell = line.split(",", -1);
            if (cell[0].equals(family)) {
                rows.add(new double[] {
                    Double.parseDouble(cell[2]),
                    Double.parseDouble(cell[3]),
                    Double.parseDouble(cell[4]),
                    Double.parseDouble(cell[5])
                });
            }
        }
        double[][] columns = new double[5][rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            for (int c = 0; c < 4; c++) {
                columns[c][i] = rows.get(i)[c];
            }
            columns[4][i] = 1;
        }
        return LawPoints.of(
                columns[0],
                columns[1],
                columns[2],
                columns[3],
                columns[4],
                IntStream.range(0, rows.size()).toArray());
    }

    private static IsoFlopTrends trends(String family, boolean constant) {
        SeedNoise noise = family.contains("owt2") ? SeedNoise.OPEN_WEB_TEXT_2 : SeedNoise.REFINED_WEB;
        SeedNoise used = constant ? SeedNoise.constant(noise.lowNats()) : noise;
        return Found.in(IsoFlopFit.fit(points(family), new IsoFlopOptions(used, DRAWS, 1)));
    }

    private static IsoFlopTrends constant(String family) {
        return TRENDS.computeIfAbsent(family, name -> trends(name, true));
    }

    /** The noise on OpenWebText2 is five times as large, and so is the error of a median of draws. */
    private static Offset<Double> monteCarlo(String family) {
        return within(family.contains("owt2") ? 0.005 : 0.002);
    }

    private static IsoFlopReading akima(IsoFlopTrends trends) {
        return Objects.requireNonNull(trends.akima());
    }

    @ParameterizedTest
    @CsvSource({
        "rw_base_warmup-long_decay-kaplan_params-kaplan_train, 0.8353, 0.824, 0.846",
        "rw_base_warmup-long_decay-kaplan_params-standard_val, 0.7065, 0.691, 0.717",
        "rw_base_warmup-short_decay-kaplan_params-standard_val, 0.6020, 0.591, 0.617",
        "rw_base_warmup-short_decay-chinchilla_params-standard_val, 0.5715, 0.560, 0.589",
        "rw_tuned_warmup-short_decay-const_params-standard_val, 0.4969, 0.491, 0.505",
        "owt2_tuned_warmup-short_decay-const_params-standard_val, 0.5185, 0.493, 0.541"
    })
    void fit_porianLadder_isWithinTheAuthorsIntervals(String family, double published, double low, double high) {
        IsoFlopReading constant = akima(constant("porian_" + family));
        IsoFlopReading growing = akima(trends("porian_" + family, false));
        IsoFlopReading.Range range = Objects.requireNonNull(constant.exponents());
        System.out.printf(
                "%s: a %.4f (%.4f, %.4f) b %.4f, noise as written %.4f; published %.4f (%.3f, %.3f)%n",
                family,
                constant.params().exponent(),
                range.low(),
                range.high(),
                constant.tokens().exponent(),
                growing.params().exponent(),
                published,
                low,
                high);
        assertThat(constant.params().exponent()).isBetween(low, high).isCloseTo(published, monteCarlo(family));
        assertThat(growing.params().exponent()).isBetween(low, high);
        // The authors' own interval, to Monte Carlo error.
        assertThat(range.low()).isCloseTo(low, within(0.004));
        assertThat(range.high()).isCloseTo(high, within(0.004));
    }

    /** All fifteen settings, two of which have no interval in print. */
    @Test
    void fit_everySetting_agreesWithThePublishedWeightedFit() {
        int settings = 0;
        for (String line : RealData.lines("porian/published_fits.csv")) {
            String[] cell = line.split(",", -1);
            if (cell[1].equals("weighted")) {
                IsoFlopReading ours = akima(constant(cell[0]));
                double exponent = Double.parseDouble(cell[2]);
                assertThat(ours.params().exponent()).as(cell[0]).isCloseTo(exponent, monteCarlo(cell[0]));
                assertThat(ours.tokens().exponent())
                        .as(cell[0])
                        .isCloseTo(Double.parseDouble(cell[5]), monteCarlo(cell[0]));
                double theirs = Double.parseDouble(cell[3]) * Math.pow(1e18, exponent);
                assertThat(ours.params().at(1e18)).as(cell[0]).isCloseTo(theirs, within(0.02 * theirs));
                settings++;
            }
        }
        assertThat(settings).isEqualTo(15);
    }

    /** The authors round a minimum to the nearest of 25 values a knot. */
    @Test
    void fit_everyBudget_findsThePublishedOptimum() {
        Map<String, Map<Double, IsoFlopMinimum>> ours = new HashMap<>();
        int found = 0;
        int near = 0;
        int nearSpread = 0;
        List<String> lines = RealData.lines("porian/isoflop_optima_published.csv");
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            IsoFlopMinimum minimum =
                    ours.computeIfAbsent(cell[0], IsoFlopLadderTest::minima).get(Double.valueOf(cell[1]));
            if (cell[2].equals("nan")) {
                assertThat(minimum).as(line).isNull();
                continue;
            }
            assertThat(minimum).as(line).isNotNull();
            double off = Math.log(Objects.requireNonNull(minimum).params() / Double.parseDouble(cell[2]));
            double spread = Objects.requireNonNull(minimum.spread()).logParams() / Double.parseDouble(cell[5]);
            assertThat(Math.abs(off)).as(line).isLessThan(0.1);
            assertThat(minimum.lossNats()).isCloseTo(Double.parseDouble(cell[4]), within(0.02));
            near += Math.abs(off) < 0.02 ? 1 : 0;
            nearSpread += Math.abs(Math.log(spread)) < 0.1 ? 1 : 0;
            found++;
        }
        System.out.printf("%d optima, N* within 2 %% in %d, sd of ln N* within 10 %% in %d%n", found, near, nearSpread);
        assertThat(near).isGreaterThan(found * 9 / 10);
        assertThat(nearSpread).isGreaterThan(found * 9 / 10);
    }

    private static Map<Double, IsoFlopMinimum> minima(String family) {
        Map<Double, IsoFlopMinimum> minima = new HashMap<>();
        for (IsoFlopBudget budget : constant(family).budgets()) {
            if (budget.akima() != null) {
                minima.put(rounded(budget.flops()), budget.akima());
            }
        }
        return minima;
    }

    /** The geometric mean of equal budgets, without its rounding. */
    private static double rounded(double flops) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.10e", flops));
    }
}
