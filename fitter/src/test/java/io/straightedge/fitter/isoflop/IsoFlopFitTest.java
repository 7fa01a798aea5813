package io.straightedge.fitter.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.law.Chains;
import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.Found;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoFlopFitTest {

    private static final IsoFlopOptions PLAIN = IsoFlopOptions.DEFAULT;

    private static IsoFlopReading parabola(IsoFlopTrends trends) {
        assertThat(trends.parabola()).isNotNull();
        return Objects.requireNonNull(trends.parabola());
    }

    private static IsoFlopReading akima(IsoFlopTrends trends) {
        assertThat(trends.akima()).isNotNull();
        return Objects.requireNonNull(trends.akima());
    }

    /** Budgets whose losses are parabolas in ln N about N* = 0.1 C^0.5, shifted by {@code offset} steps of 0.5. */
    private static double[][] valleys(double[] budgets, int sizes, double offset) {
        double[][] columns = new double[5][budgets.length * sizes];
        for (int i = 0; i < budgets.length * sizes; i++) {
            double flops = budgets[i / sizes];
            double away = 0.5 * (i % sizes - 0.5 * (sizes - 1) + offset);
            columns[0][i] = 0.1 * Math.sqrt(flops) * Math.exp(away);
            columns[1][i] = flops / (6 * columns[0][i]);
            columns[2][i] = flops;
            columns[3][i] = 2 + 0.04 * away * away;
            columns[4][i] = 1;
        }
        return columns;
    }

    private static LawPoints points(double[][] columns) {
        return LawPoints.of(
                columns[0],
                columns[1],
                columns[2],
                columns[3],
                columns[4],
                IntStream.range(0, columns[0].length).toArray());
    }

    @Test
    void fit_exactValleys_recoversTheTrendsByBothReadings() {
        IsoFlopTrends trends =
                Found.in(IsoFlopFit.fit(points(valleys(new double[] {1e18, 1e19, 1e20}, 7, 0.3)), PLAIN));
        assertThat(trends.budgets()).hasSize(3);
        assertThat(trends.discarded()).isEmpty();
        assertThat(trends.diagnostics()).isEmpty();
        assertThat(parabola(trends).params().exponent()).isCloseTo(0.5, within(1e-12));
        assertThat(parabola(trends).params().at(1e24)).isCloseTo(1e11, within(1.0));
        assertThat(parabola(trends).exponentSum()).isCloseTo(1, within(1e-12));
        assertThat(akima(trends).params().exponent()).isCloseTo(0.5, within(1e-9));
        assertThat(akima(trends).params().at(1e24)).isCloseTo(1e11, within(1e9));
        for (IsoFlopBudget budget : trends.budgets()) {
            IsoFlopMinimum minimum = Objects.requireNonNull(budget.parabola());
            assertThat(budget.sizes()).isEqualTo(7);
            assertThat(budget.members()).hasSize(7);
            assertThat(budget.curvature()).isCloseTo(0.04, within(1e-12));
            assertThat(minimum.params()).isCloseTo(0.1 * Math.sqrt(budget.flops()), within(1e-3));
            assertThat(minimum.lossNats()).isCloseTo(2, within(1e-12));
            assertThat(minimum.spread()).isNull();
        }
    }

    /** A new order of points or a budget that counts twice changes nothing. */
    @Test
    void fit_permutedAndRepeatedPoints_givesTheSameTrends() {
        double[][] columns = valleys(new double[] {1e18, 3e18, 1e20}, 6, 0.4);
        Random random = new Random(11);
        for (int i = 0; i < columns[3].length; i++) {
            columns[3][i] += 0.002 * random.nextGaussian();
        }
        IsoFlopReading plain = parabola(Found.in(IsoFlopFit.fit(points(columns), PLAIN)));
        LawPoints all = points(columns);
        int[] shuffled = IntStream.range(0, 2 * all.size())
                .map(i -> (7 * i + 3) % all.size())
                .toArray();
        IsoFlopTrends twice = Found.in(IsoFlopFit.fit(all.select(shuffled), PLAIN));
        assertThat(parabola(twice).params().exponent())
                .as("seed 11")
                .isCloseTo(plain.params().exponent(), within(1e-12));
        assertThat(twice.budgets()).allMatch(b -> b.sizes() == 6 && b.members().size() == 12);
    }

    /** C read from a figure scatters: within a tenth of a neighbour is one budget, further is another. */
    @Test
    void fit_scatteredBudgets_areGroupedByTheGapAndNotByAStart() {
        double[][] columns = valleys(new double[] {1e18, 1e19}, 7, 0);
        for (int i = 0; i < columns[2].length; i++) {
            columns[2][i] *= 1 + 0.03 * (i % 7 - 3);
        }
        IsoFlopTrends trends = Found.in(IsoFlopFit.fit(points(columns), PLAIN));
        assertThat(trends.budgets()).extracting(b -> b.members().size()).containsExactly(7, 7);
        assertThat(Chains.of(new double[] {1, 3, 1.09, 1.18, 3.31}))
                .containsExactly(new int[] {0, 2, 3}, new int[] {1}, new int[] {4});
    }

    @Test
    void fit_labels_overrideTheGroupingByC() {
        double[][] columns = valleys(new double[] {1e18, 1.05e18, 1e20}, 7, 0.2);
        double[] labels = columns[2].clone();
        assertThat(Found.in(IsoFlopFit.fit(points(columns), PLAIN)).budgets()).hasSize(2);
        IsoFlopTrends labelled = Found.in(IsoFlopFit.fit(points(columns), labels, PLAIN));
        assertThat(labelled.budgets()).extracting(IsoFlopBudget::flops).containsExactly(1e18, 1.05e18, 1e20);
        assertThatIllegalArgumentException().isThrownBy(() -> IsoFlopFit.fit(points(columns), new double[3], PLAIN));
    }

    /** Every way in which a budget has no minimum is said, budget by budget. */
    @Test
    void fit_budgetsWithoutAMinimum_areDiscardedInWords() {
        double[][] inside = valleys(new double[] {1e18, 1e19}, 7, 0);
        double[][] left = valleys(new double[] {1e20}, 7, 6);
        double[][] hill = valleys(new double[] {1e21}, 7, 0);
        hill[3] = Arrays.stream(hill[3]).map(l -> 4 - l).toArray();
        double[][] two = valleys(new double[] {1e22}, 2, 0);
        double[][] cloud = valleys(
                IntStream.range(0, 9).mapToDouble(i -> 1e24 * Math.pow(1.05, i)).toArray(), 1, 0);
        double[][] all = new double[5][];
        for (int c = 0; c < 5; c++) {
            int column = c;
            all[c] = List.of(inside, left, hill, two, cloud).stream()
                    .flatMapToDouble(part -> Arrays.stream(part[column]))
                    .toArray();
        }
        IsoFlopTrends trends = Found.in(IsoFlopFit.fit(points(all), PLAIN));
        assertThat(trends.discarded())
                .containsExactly(
                        "1.00e+20 FLOPs, parabola: the least loss lies at or beyond the edge of the sampled N",
                        "1.00e+20 FLOPs, Akima: the least loss lies at or beyond the edge of the sampled N",
                        "1.00e+21 FLOPs, parabola: the losses do not curve upwards along N",
                        "1.00e+21 FLOPs, Akima: the least loss lies at or beyond the edge of the sampled N",
                        "1.00e+22 FLOPs: fewer than three different N",
                        "1.00e+24 to 1.48e+24 FLOPs: 9 points run on without a gap and are no budget");
        assertThat(trends.budgets()).hasSize(4);
        assertThat(parabola(trends).params().points()).isEqualTo(2);
        assertThat(parabola(trends).params().sdExponent()).isInfinite();
        assertThat(trends.diagnostics())
                .containsExactly("the trends go through two budgets: nothing says how well they hold");
    }

    @Test
    void fit_oneBudget_isRefusedWithTheReason() {
        Outcome<IsoFlopTrends> outcome = IsoFlopFit.fit(points(valleys(new double[] {1e18}, 7, 0)), PLAIN);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(((Outcome.Refused<IsoFlopTrends>) outcome).reason()).startsWith("approach 2 needs two budgets");
    }

    /** The spread of a vertex is that of the normal equations: sd(L) sd(q/p) for a small noise. */
    @Test
    void fit_seedNoise_spreadIsThatOfTheLinearisedVertex() {
        double noise = 1e-4;
        IsoFlopOptions options = new IsoFlopOptions(SeedNoise.constant(noise), 4000, 3);
        IsoFlopTrends trends =
                Found.in(IsoFlopFit.fit(points(valleys(new double[] {1e18, 1e19, 1e20}, 7, 0)), options));
        // On a symmetric grid the vertex moves by sum(x dL) / (2 p sum x^2).
        double square = IntStream.range(-3, 4).mapToDouble(i -> 0.25 * i * i).sum();
        double expected = noise / Math.sqrt(square) / (2 * 0.04);
        for (IsoFlopBudget budget : trends.budgets()) {
            IsoFlopMinimum.Spread spread = Objects.requireNonNull(
                    Objects.requireNonNull(budget.parabola()).spread());
            assertThat(spread.logParams()).isCloseTo(expected, within(0.05 * expected));
            assertThat(spread.logTokens()).isCloseTo(spread.logParams(), within(1e-9));
        }
        // Three budgets a decade apart: sd(a) = sd / (sqrt 2 ln 10).
        IsoFlopReading.Range range = Objects.requireNonNull(parabola(trends).exponents());
        double width = 2 * 1.96 * expected / (Math.sqrt(2) * Math.log(10));
        assertThat(range.high() - range.low()).isCloseTo(width, within(0.08 * width));
        assertThat(parabola(trends).params().exponent()).isBetween(range.low(), range.high());
    }

    @Test
    void fit_sameSeed_givesTheSameBits() {
        LawPoints points = points(valleys(new double[] {1e18, 1e19, 1e20}, 7, 0.3));
        IsoFlopOptions options = PLAIN.withNoise(SeedNoise.REFINED_WEB);
        assertThat(IsoFlopFit.fit(points, options)).isEqualTo(IsoFlopFit.fit(points, options));
    }

    @Test
    void seedNoise_betweenItsLosses_isLogLogLinear() {
        SeedNoise noise = SeedNoise.REFINED_WEB;
        assertThat(noise.sd(2)).isEqualTo(0.002);
        assertThat(noise.sd(9)).isCloseTo(0.05, within(1e-15));
        assertThat(noise.sd(Math.sqrt(21))).isCloseTo(Math.sqrt(0.002 * 0.05), within(1e-12));
        assertThat(SeedNoise.constant(0.003).sd(5)).isEqualTo(0.003);
    }

    // Real sets. a, b and N* at 5.76e23 as printed by an independent program on the same screened points.

    /** Without the points that the source screened out; C is the label of the budget. */
    private static LawPoints screened(String family) {
        List<double[]> rows = new ArrayList<>();
        for (String line : RealData.lines("isoflops/finals.csv")) {
            String[] cell = line.split(",", -1);
            if (cell[0].equals(family) && cell[7].equals("0")) {
                rows.add(new double[] {
                    Double.parseDouble(cell[2]),
                    Double.parseDouble(cell[3]),
                    Double.parseDouble(cell[6]),
                    Double.parseDouble(cell[5]),
                    1
                });
            }
        }
        double[][] columns = new double[5][rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            for (int c = 0; c < 5; c++) {
                columns[c][i] = rows.get(i)[c];
            }
        }
        return points(columns);
    }

    @ParameterizedTest
    @CsvSource({
        "epochai_chinchilla__massivetext__chinchilla, 85, 7, 0.541421, 0.458579, 9.754e10, 5e6",
        "llama_3__exp_loss, 115, 8, 0.495261, 0.504739, 7.670e10, 5e6",
        "llama_3__raw_loss, 116, 8, 0.500000, 0.500000, 7.946e10, 5e6",
        "marin_202603__comma__llama_2, 80, 6, 0.426407, 0.551672, 5.17e10, 5e7"
    })
    void fit_publishedSets_givesThePrintedExponentsAndOptimum(
            String family, int size, int budgets, double a, double b, double params, double digit) {
        LawPoints set = screened(family);
        double[] labels = IntStream.range(0, set.size()).mapToDouble(set::flops).toArray();
        IsoFlopTrends trends = Found.in(IsoFlopFit.fit(set, labels, PLAIN));
        IsoFlopReading parabola = parabola(trends);
        System.out.printf(
                "%s: parabola a %.6f (sd %.4f) b %.6f N* %.4e; Akima a %.4f b %.4f N* %.3e; %s %s%n",
                family,
                parabola.params().exponent(),
                parabola.params().sdExponent(),
                parabola.tokens().exponent(),
                parabola.params().at(5.76e23),
                akima(trends).params().exponent(),
                akima(trends).tokens().exponent(),
                akima(trends).params().at(5.76e23),
                trends.discarded(),
                trends.diagnostics());
        assertThat(set.size()).isEqualTo(size);
        assertThat(trends.budgets()).hasSize(budgets);
        assertThat(parabola.params().exponent()).isCloseTo(a, within(5e-7));
        assertThat(parabola.tokens().exponent()).isCloseTo(b, within(5e-7));
        assertThat(parabola.params().at(5.76e23)).isCloseTo(params, within(digit));
        // Grouping by C finds the same budgets.
        assertThat(parabola(Found.in(IsoFlopFit.fit(set, PLAIN))).params().exponent())
                .isCloseTo(parabola.params().exponent(), within(1e-12));
        boolean notSixNd = family.startsWith("marin");
        assertThat(trends.diagnostics().stream().anyMatch(d -> d.contains("add up to 0.978, not 1")))
                .isEqualTo(notSixNd);
    }

    /** Both approaches side by side, and what the bias of the second explains of the difference. */
    @ParameterizedTest
    @ValueSource(strings = {"epochai_chinchilla__massivetext__chinchilla", "llama_3__exp_loss", "llama_3__raw_loss"})
    void corrected_publishedSets_biasIsSmallBesideTheScatter(String family) {
        LawPoints set = screened(family);
        IsoFlopTrends trends = Found.in(IsoFlopFit.fit(set, PLAIN));
        ChinchillaLaw law = (ChinchillaLaw) Found.in(LawEstimators.chinchilla().fit(set, FitOptions.DEFAULT))
                .law();
        IsoFlopBias.Corrected corrected = Found.in(IsoFlopBias.corrected(trends, set, law));
        System.out.printf(
                "%s: N* at 5.76e23 %.3e by approach 2, %.3e corrected, %.3e by approach 3; %s%n",
                family,
                parabola(trends).params().at(5.76e23),
                corrected.reading().params().at(5.76e23),
                law.optimum(5.76e23).params(),
                corrected.summary());
        assertThat(corrected.shifts()).hasSameSizeAs(trends.budgets());
        assertThat(corrected.reading().exponentSum()).isCloseTo(1, within(1e-6));
        assertThat(corrected.reading().params().exponent())
                .isCloseTo(
                        parabola(trends).params().exponent(),
                        within(2 * parabola(trends).params().sdExponent()));
    }

    @Test
    void corrected_marin_isRefusedForItsBudgetsAreNotSixNd() {
        LawPoints set = screened("marin_202603__comma__llama_2");
        ChinchillaLaw law = (ChinchillaLaw) Found.in(LawEstimators.chinchilla().fit(set, FitOptions.DEFAULT))
                .law();
        assertThat(IsoFlopBias.corrected(Found.in(IsoFlopFit.fit(set, PLAIN)), set, law))
                .isInstanceOf(Outcome.Refused.class);
    }
}
