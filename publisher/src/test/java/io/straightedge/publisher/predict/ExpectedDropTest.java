package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.publisher.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ExpectedDropTest {

    private static final Target BUDGET = new Target.Budget(1e22);
    private static final double SIGMA = Sample.SCATTER;

    private static final LawEstimate LADDER =
            Sample.law("s", 1, Sample.points(0, 44e6, 90e6, 175e6, 350e6, 760e6), List.of());

    /** As the ladder's law near the data, and 2 % lower at 1e22. */
    private static final ChinchillaLaw RIVAL = new ChinchillaLaw(1.7, 420, 1800, 0.33, 0.35);

    @Test
    void of_oneBasin_isTheRankOneUpdateOfTheCovariance() {
        Basin basin = new Basin(1, Sample.LAW, LADDER.covariance());
        ExpectedDrop expected = new ExpectedDrop(List.of(basin), BUDGET, SIGMA);
        double[] target = new double[5];
        Sample.LAW.gradient(
                Sample.LAW.optimum(1e22).params(), Sample.LAW.optimum(1e22).tokens(), target);
        for (Candidate candidate :
                List.of(new Candidate(1e8, 2e9), new Candidate(2e9, 1e11), new Candidate(5e8, 1e12))) {
            double[][] after = updated(LADDER.covariance(), candidate);
            double left = 0;
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < 5; j++) {
                    left += target[i] * after[i][j] * target[j];
                }
            }
            double drop = expected.of(candidate.params(), candidate.tokens());

            assertThat(expected.variance() - drop).isCloseTo(left, withinPercentage(1e-6));
            assertThat(drop).isPositive().isLessThan(expected.variance());
        }
    }

    @Test
    void of_twoBasins_agreesWithDrawsOfTheLaws() {
        long seed = 20260424;
        List<Basin> basins = List.of(
                new Basin(3, Sample.LAW, scaled(LADDER.covariance(), 0.01)),
                new Basin(1, RIVAL, scaled(LADDER.covariance(), 0.02)));
        Candidate candidate = new Candidate(3e8, 2e10);
        double sigma = 0.003;
        double[][] draws = draws(basins, candidate, sigma, 200_000, seed);
        ExpectedDrop expected = new ExpectedDrop(basins, BUDGET, sigma);

        assertThat(expected.variance()).as("seed %d", seed).isCloseTo(variance(draws), withinPercentage(2));
        assertThat(expected.of(candidate.params(), candidate.tokens()))
                .as("seed %d", seed)
                .isCloseTo(explained(draws), withinPercentage(3));
    }

    @Test
    void of_sameBasinTwice_isAsOfOne() {
        Basin basin = new Basin(0.2, Sample.LAW, LADDER.covariance());
        double once = new ExpectedDrop(List.of(basin), BUDGET, SIGMA).of(3e8, 2e10);

        assertThat(new ExpectedDrop(List.of(basin, basin), BUDGET, SIGMA).of(3e8, 2e10))
                .isCloseTo(once, withinPercentage(1e-9));
    }

    @Test
    void of_twoCertainLaws_resolvesThemWhereTheyDifferAndNotWhereTheyAgree() {
        List<List<Double>> certain = scaled(LADDER.covariance(), 1e-12);
        ChinchillaLaw higher = new ChinchillaLaw(
                Sample.LAW.E(), Sample.LAW.A() * 1.2, Sample.LAW.B(), Sample.LAW.alpha(), Sample.LAW.beta());
        ExpectedDrop expected = new ExpectedDrop(
                List.of(new Basin(1, Sample.LAW, certain), new Basin(1, higher, certain)), BUDGET, 1e-4);
        double gap = higher.optimum(1e22).loss() - Sample.LAW.optimum(1e22).loss();

        assertThat(expected.variance()).isCloseTo(gap * gap / 4, withinPercentage(1e-3));
        // A small model's loss shows A; an endless model's does not.
        assertThat(expected.of(1e7, 1e12)).isCloseTo(expected.variance(), withinPercentage(1e-3));
        assertThat(expected.of(1e24, 1e12)).isLessThan(1e-3 * expected.variance());
    }

    @Test
    void of_moreNoise_isLess() {
        List<Basin> basins =
                List.of(new Basin(1, Sample.LAW, LADDER.covariance()), new Basin(0.5, RIVAL, LADDER.covariance()));
        double before = Double.POSITIVE_INFINITY;
        for (double sigma : new double[] {1e-4, 1e-3, 3e-3, 1e-2, 0.1, 10}) {
            double drop = new ExpectedDrop(basins, BUDGET, sigma).of(3e8, 2e10);
            assertThat(drop).isPositive().isLessThan(before);
            before = drop;
        }
        assertThat(before).isLessThan(1e-5 * new ExpectedDrop(basins, BUDGET, 1).variance());
    }

    @Test
    void of_theTargetItself_leavesLittleButTheNoise() {
        Basin basin = new Basin(1, Sample.LAW, LADDER.covariance());
        ExpectedDrop expected = new ExpectedDrop(List.of(basin), new Target.Run(7e9, 1.4e11), 1e-5);

        double noise = 1e-5 * Sample.LAW.loss(7e9, 1.4e11);
        assertThat(expected.variance() - expected.of(7e9, 1.4e11)).isBetween(0.9 * noise * noise, 1.1 * noise * noise);
    }

    @Test
    void of_otherUnits_isTheSame() {
        double million = 1e6;
        double billion = 1e9;
        List<Basin> basins = List.of(
                new Basin(2, Sample.LAW, LADDER.covariance()), new Basin(1, RIVAL, scaled(LADDER.covariance(), 0.5)));
        List<Basin> scaled =
                basins.stream().map(basin -> inUnits(basin, million, billion)).toList();

        double drop = new ExpectedDrop(basins, new Target.Run(7e9, 1.4e11), SIGMA).of(3e8, 2e10);

        assertThat(new ExpectedDrop(scaled, new Target.Run(7e3, 140), SIGMA).of(300, 20))
                .isCloseTo(drop, withinPercentage(1e-5));
    }

    @Test
    void new_nonsense_isRefused() {
        Basin basin = new Basin(1, Sample.LAW, LADDER.covariance());

        assertThatThrownBy(() -> new ExpectedDrop(List.of(), BUDGET, SIGMA))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExpectedDrop(List.of(basin), BUDGET, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Basin(1, Sample.LAW, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Basin(Double.NaN, Sample.LAW, LADDER.covariance()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Target.Budget(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Target.Run(1e9, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Sigma - Sigma j j' Sigma / (sigma^2 + j' Sigma j). */
    private static double[][] updated(List<List<Double>> covariance, Candidate candidate) {
        double[] j = new double[5];
        Sample.LAW.gradient(candidate.params(), candidate.tokens(), j);
        double loss = Sample.LAW.loss(candidate.params(), candidate.tokens());
        double[] product = new double[5];
        double square = SIGMA * SIGMA;
        for (int i = 0; i < 5; i++) {
            for (int k = 0; k < 5; k++) {
                product[i] += covariance.get(i).get(k) * j[k] / loss;
            }
            square += j[i] / loss * product[i];
        }
        double[][] after = new double[5][5];
        for (int i = 0; i < 5; i++) {
            for (int k = 0; k < 5; k++) {
                after[i][k] = covariance.get(i).get(k) - product[i] * product[k] / square;
            }
        }
        return after;
    }

    /** Pairs (y, target's loss) of laws drawn from the basins; the laws themselves, not linear ones. */
    private static double[][] draws(List<Basin> basins, Candidate candidate, double sigma, int count, long seed) {
        Random random = new Random(seed);
        double total = basins.stream().mapToDouble(Basin::weight).sum();
        List<double[][]> roots = new ArrayList<>();
        basins.forEach(basin -> roots.add(RecommendationsTest.cholesky(basin.covariance())));
        double[][] draws = new double[count][];
        for (int draw = 0; draw < count; draw++) {
            int k = 0;
            for (double u = random.nextDouble() * total - basins.get(0).weight();
                    u > 0;
                    u -= basins.get(k).weight()) {
                k++;
            }
            double[] theta = basins.get(k).law().theta();
            double[] normal =
                    DoubleStream.generate(random::nextGaussian).limit(5).toArray();
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j <= i; j++) {
                    theta[i] += roots.get(k)[i][j] * normal[j];
                }
            }
            ChinchillaLaw law = ChinchillaLaw.ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]);
            double y = Math.log(law.loss(candidate.params(), candidate.tokens())) + sigma * random.nextGaussian();
            draws[draw] = new double[] {y, law.optimum(1e22).loss()};
        }
        return draws;
    }

    private static double variance(double[][] draws) {
        double mean =
                Arrays.stream(draws).mapToDouble(draw -> draw[1]).average().orElseThrow();
        return Arrays.stream(draws)
                .mapToDouble(draw -> (draw[1] - mean) * (draw[1] - mean))
                .average()
                .orElseThrow();
    }

    /** Variance of the mean of t given y, from the means of t in narrow slices of y. */
    private static double explained(double[][] draws) {
        double[][] sorted = draws.clone();
        Arrays.sort(sorted, Comparator.comparingDouble(draw -> draw[0]));
        int size = 500;
        double mean =
                Arrays.stream(draws).mapToDouble(draw -> draw[1]).average().orElseThrow();
        double between = 0;
        int slices = sorted.length / size;
        for (int slice = 0; slice < slices; slice++) {
            double[][] part = Arrays.copyOfRange(sorted, slice * size, (slice + 1) * size);
            double middle =
                    Arrays.stream(part).mapToDouble(draw -> draw[1]).average().orElseThrow();
            // The mean of a slice has noise of its own.
            between += ((middle - mean) * (middle - mean) - variance(part) / (size - 1)) / slices;
        }
        return between;
    }

    static List<List<Double>> scaled(List<List<Double>> covariance, double factor) {
        return covariance.stream()
                .map(row -> row.stream().map(value -> factor * value).toList())
                .toList();
    }

    /** The same belief with N and D counted in larger units: a -&gt; a - alpha ln u, b -&gt; b - beta ln v. */
    private static Basin inUnits(Basin basin, double params, double tokens) {
        ChinchillaLaw law = (ChinchillaLaw) basin.law();
        double[][] change = new double[5][5];
        for (int i = 0; i < 5; i++) {
            change[i][i] = 1;
        }
        change[0][3] = -Math.log(params);
        change[1][4] = -Math.log(tokens);
        List<List<Double>> covariance = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < 5; j++) {
                row.add(basin.form(change[i], change[j]));
            }
            covariance.add(row);
        }
        ChinchillaLaw scaled = new ChinchillaLaw(
                law.E(),
                law.A() * Math.pow(params, -law.alpha()),
                law.B() * Math.pow(tokens, -law.beta()),
                law.alpha(),
                law.beta());
        assertThat(scaled.loss(7e9 / params, 1e11 / tokens)).isCloseTo(law.loss(7e9, 1e11), withinPercentage(1e-10));
        return new Basin(basin.weight(), scaled, covariance);
    }
}
