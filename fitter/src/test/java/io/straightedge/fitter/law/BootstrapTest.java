package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The bootstrap against 4,000 resamples of an independent program (NumPy's generator, another optimiser) on Epoch's points.
 *
 * <p>Both sides are samples of n = 4,000. The order statistic at rank n p has a standard deviation of sqrt(n p (1 - p)) ranks,
 * the standard deviation s one of s sqrt((kurtosis - 1) / (4 n)); the difference of two such has sqrt 2 times that, and three
 * times the difference's is allowed: 42 ranks at 2.5 %, 134 at the median.
 */
class BootstrapTest {

    private static final int DRAWS = 4000;
    private static final double ERRORS = 3 * Math.sqrt(2);
    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();
    private static final long SEED = 20240415;

    private static Bootstrap bootstrap(LawPoints points, long seed) {
        LawFit fit = RealFinals.found(ESTIMATOR.fit(points, OPTIONS));
        return new Bootstrap(ESTIMATOR, points, fit, OPTIONS, seed);
    }

    private static ChinchillaLaw[] draws(LawPoints points, long seed, int draws) {
        Bootstrap bootstrap = bootstrap(points, seed);
        return IntStream.range(0, draws).mapToObj(i -> law(bootstrap, i)).toArray(ChinchillaLaw[]::new);
    }

    private static ChinchillaLaw law(Bootstrap bootstrap, int index) {
        double[] theta = Objects.requireNonNull(bootstrap.draw(index), () -> "draw " + index + " has no law");
        return ChinchillaLaw.ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]);
    }

    private static double[] sorted(ChinchillaLaw[] draws, ToDoubleFunction<ChinchillaLaw> of) {
        return Arrays.stream(draws).mapToDouble(of).sorted().toArray();
    }

    /** s, and its own standard error. */
    private static double[] deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double second = 0;
        double fourth = 0;
        for (double value : values) {
            second += Math.pow(value - mean, 2) / values.length;
            fourth += Math.pow(value - mean, 4) / values.length;
        }
        double kurtosis = fourth / (second * second);
        return new double[] {Math.sqrt(second), Math.sqrt(second * (kurtosis - 1) / (4 * values.length))};
    }

    /**
     * A published quantile must lie among the order statistics about its rank.
     *
     * @param rounding half a unit of the last digit printed
     */
    private static void assertQuantile(String what, double[] sorted, double p, double published, double rounding) {
        double ranks = ERRORS * Math.sqrt(sorted.length * p * (1 - p));
        double low = sorted[(int) Math.floor(sorted.length * p - ranks)];
        double high = sorted[(int) Math.ceil(sorted.length * p + ranks)];
        System.out.printf(
                "%-14s %4.1f %%: %.5g, Monte Carlo [%.5g, %.5g], published %.5g%n",
                what, 100 * p, sorted[(int) (sorted.length * p)], low, high, published);
        assertThat(published).as(what + " at " + p).isBetween(low - rounding, high + rounding);
    }

    private static void assertSpread(
            String what,
            ChinchillaLaw[] draws,
            ToDoubleFunction<ChinchillaLaw> of,
            double publishedDeviation,
            double published025,
            double published975,
            double rounding) {
        double[] values = sorted(draws, of);
        double[] deviation = deviation(values);
        System.out.printf(
                "%-14s sd %.6g (+- %.2g), published %.6g%n", what, deviation[0], deviation[1], publishedDeviation);
        assertThat(deviation[0]).as("sd of " + what).isCloseTo(publishedDeviation, within(ERRORS * deviation[1]));
        assertQuantile(what, values, 0.025, published025, rounding);
        assertQuantile(what, values, 0.975, published975, rounding);
    }

    @Test
    void draw_4000OfEpochsPoints_spreadAsTheIndependentOnes() {
        System.out.println("seed " + SEED);
        ChinchillaLaw[] draws = draws(EpochData.published().points(), SEED, DRAWS);

        assertSpread("A", draws, ChinchillaLaw::A, 124.52232, 285.214, 743.626, 5e-4);
        assertSpread("B", draws, ChinchillaLaw::B, 1293.28410, 1042.357, 5810.344, 5e-4);
        assertSpread("E", draws, ChinchillaLaw::E, 0.02566, 1.769, 1.871, 5e-4);
        assertSpread("alpha", draws, ChinchillaLaw::alpha, 0.01540, 0.317, 0.373, 5e-4);
        assertSpread("beta", draws, ChinchillaLaw::beta, 0.02060, 0.331, 0.415, 5e-4);

        assertRecommendation(draws, 1e21, new double[][] {{2.419e9, 2.811e9, 3.288e9}, {15.4, 21.1, 28.5}}, 5e5);
        assertRecommendation(draws, 5.76e23, new double[][] {{5.175e10, 7.469e10, 1.124e11}, {7.6, 17.2, 35.8}}, 5e7);
        assertRecommendation(draws, 1e26, new double[][] {{6.17e11, 1.069e12, 1.98e12}}, 5e9);
        assertQuantiles(
                "D at 5.76e23", sorted(draws, law -> law.optimum(5.76e23).tokens()), 5e8, 8.54e11, 1.285e12, 1.855e12);
        assertQuantiles("L at 1e21", sorted(draws, law -> law.optimum(1e21).loss()), 5e-4, 2.300, 2.304, 2.310);
        assertQuantiles(
                "L at 5.76e23", sorted(draws, law -> law.optimum(5.76e23).loss()), 5e-4, 1.951, 1.972, 2.002);
        assertQuantiles("L at 1e26", sorted(draws, law -> law.optimum(1e26).loss()), 5e-4, 1.845, 1.878, 1.920);
    }

    /** @param published the quantiles of N*, and of D/N where they are published */
    private static void assertRecommendation(
            ChinchillaLaw[] draws, double flops, double[][] published, double rounding) {
        assertQuantiles("N at " + flops, sorted(draws, law -> law.optimum(flops).params()), rounding, published[0]);
        if (published.length > 1) {
            double[] ratio = sorted(
                    draws,
                    law -> law.optimum(flops).tokens() / law.optimum(flops).params());
            assertQuantiles("D/N at " + flops, ratio, 0.05, published[1]);
        }
    }

    private static void assertQuantiles(String what, double[] sorted, double rounding, double... published) {
        assertQuantile(what, sorted, 0.025, published[0], rounding);
        assertQuantile(what, sorted, 0.5, published[1], rounding);
        assertQuantile(what, sorted, 0.975, published[2], rounding);
    }

    /** Two seeds give two samples of one distribution: what lies between them is the Monte Carlo error itself. */
    @Test
    void draw_ofTwoSeeds_areOtherDrawsOfOneSpread() {
        LawPoints points = EpochData.published().points();
        ChinchillaLaw[] one = draws(points, 1, 1000);
        ChinchillaLaw[] two = draws(points, 2, 1000);
        Set<ChinchillaLaw> both = new HashSet<>(List.of(one));
        both.addAll(List.of(two));
        assertThat(both).hasSize(one.length + two.length);
        double[] ofOne = deviation(sorted(one, ChinchillaLaw::exponentOfParams));
        double[] ofTwo = deviation(sorted(two, ChinchillaLaw::exponentOfParams));
        System.out.printf("sd of a: %.5f and %.5f, +- %.5f%n", ofOne[0], ofTwo[0], ofOne[1]);
        assertThat(ofOne[0]).isCloseTo(ofTwo[0], within(ERRORS * ofOne[1]));
    }

    @Test
    void draw_inAnyOrderOnAnyThread_sameBits() {
        Bootstrap bootstrap = bootstrap(EpochData.published().points(), SEED);
        double[][] inOrder = IntStream.range(0, 200).mapToObj(bootstrap::draw).toArray(double[][]::new);
        double[][] scattered = new double[inOrder.length][];
        IntStream.range(0, inOrder.length).parallel().forEach(i -> {
            int index = inOrder.length - 1 - i;
            scattered[index] = bootstrap.draw(index);
        });
        assertThat(scattered).isDeepEqualTo(inOrder);
    }

    private static LawPoints twice(EpochData data, boolean oneRunEach) {
        int n = data.loss.length;
        double[][] columns = {data.params, data.tokens, data.loss};
        double[][] out = new double[4][2 * n];
        int[] run = new int[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            for (int c = 0; c < columns.length; c++) {
                out[c][i] = columns[c][i % n];
            }
            out[3][i] = 6 * out[0][i] * out[1][i];
            run[i] = oneRunEach ? i % n : i;
        }
        double[] ones = new double[2 * n];
        Arrays.fill(ones, 1);
        return LawPoints.of(out[0], out[1], out[3], out[2], ones, run);
    }

    /** A second point of a run at the same loss tells nothing new; taken for a run of its own it would narrow all by sqrt 2. */
    @Test
    void draw_eachPointTwiceInItsRun_spreadsAsThePointsOnce() {
        EpochData data = EpochData.published();
        ChinchillaLaw[] once = draws(data.points(), SEED, 500);
        ChinchillaLaw[] twice = draws(twice(data, true), SEED, 500);
        for (int i = 0; i < once.length; i++) {
            assertThat(twice[i].alpha()).as("draw " + i).isCloseTo(once[i].alpha(), within(1e-7));
            assertThat(twice[i].beta()).as("draw " + i).isCloseTo(once[i].beta(), within(1e-7));
        }
        double[] apart = deviation(sorted(draws(twice(data, false), SEED, 500), ChinchillaLaw::exponentOfParams));
        double[] together = deviation(sorted(twice, ChinchillaLaw::exponentOfParams));
        System.out.printf("sd of a: %.5f by runs, %.5f if each point were a run%n", together[0], apart[0]);
        assertThat(apart[0] / together[0]).isCloseTo(1 / Math.sqrt(2), within(ERRORS * apart[1] / together[0]));
    }

    /** Resamples as weights, from the basins of the full fit: never worse than the independent program's copies and starts. */
    @Test
    void optimum_ofThe200PublishedResamples_neverWorse() {
        EpochData all = EpochData.all();
        LawFit fit = RealFinals.found(ESTIMATOR.fit(EpochData.published().points(), OPTIONS));
        List<List<Double>> basins = fit.certificate().basins().stream()
                .map(Certificate.Basin::theta)
                .toList();
        List<String> samples = RealData.lines("epoch_chinchilla/boot_first200_indices.txt");
        List<String> answers = RealData.lines("epoch_chinchilla/boot_first200_params_F.txt");
        assertThat(samples).hasSize(200);
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < samples.size(); i++) {
            double[] weight = new double[all.loss.length];
            for (double row : numbers(samples.get(i))) {
                weight[(int) row]++;
            }
            LawPoints points = all.points().weighted(weight);
            double[] theta = Objects.requireNonNull(ESTIMATOR.optimum(points, OPTIONS, basins));
            LogHuber objective = new LogHuber(new CentredLogs(points));
            objective.delta(OPTIONS.delta());
            double excess = objective.value(objective.coordinates(theta)) / numbers(answers.get(i))[5] - 1;
            largest = Math.max(largest, excess);
            assertThat(excess).as("resample " + i).isLessThanOrEqualTo(1e-9);
        }
        System.out.printf("largest excess over the independent program: %.2e%n", largest);
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.trim().split("\\s+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
