package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nothing that a caller hands over may move the optimum on Epoch's 240 points: an earlier law, an order, a unit. */
class HostileFitTest {

    private static final int TRIALS = 1000;
    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();
    /** Global minimum, known to ten digits from an independent program. */
    private static final double OPTIMUM = 1.018274017801e-3;

    private static final double ALPHA = 0.3473104988819;
    private static final double BETA = 0.3671724326276;

    private final EpochData epoch = EpochData.published();

    private static void assertOptimal(Outcome<LawFit> outcome, String trial) {
        double objective = RealFinals.found(outcome).objective();
        assertThat(objective).as(trial).isCloseTo(OPTIMUM, within(1e-8 * OPTIMUM));
        assertThat(objective).as(trial).isLessThanOrEqualTo(OPTIMUM * (1 + 1e-9));
    }

    /** Half of the earlier laws admit how bad they are, half claim to be better than the optimum. */
    @Test
    void refit_afterAThousandHostileLaws_reachesTheOptimumEachTime() {
        long seed = 41;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        LawPoints points = epoch.points();
        LawFit good = RealFinals.found(ESTIMATOR.fit(points, OPTIONS));
        LogHuber objective = new LogHuber(new CentredLogs(points));
        objective.delta(OPTIONS.delta());
        for (int trial = 0; trial < TRIALS; trial++) {
            double[] theta = trial % 4 < 2 ? onHoffmannsGrid(random) : anywhere(random);
            double value = trial % 2 == 0 ? objective.value(objective.coordinates(theta)) : OPTIMUM / 2;
            assertOptimal(
                    ESTIMATOR.refit(claiming(good, theta, value), points, OPTIONS),
                    "after theta " + Arrays.toString(theta) + ", said to have F = " + value);
        }
    }

    /** One of the 4,500 starts of Hoffmann et al., section D.2. */
    private static double[] onHoffmannsGrid(Random random) {
        return new double[] {
            5 * random.nextInt(6),
            5 * random.nextInt(6),
            -1 + 0.5 * random.nextInt(5),
            0.5 * random.nextInt(5),
            0.5 * random.nextInt(5)
        };
    }

    private static double[] anywhere(Random random) {
        return new double[] {
            -50 + 100 * random.nextDouble(),
            -50 + 100 * random.nextDouble(),
            -6 + 8 * random.nextDouble(),
            -1 + 4 * random.nextDouble(),
            -1 + 4 * random.nextDouble()
        };
    }

    /** A fit that calls theta a certified optimum of value {@code objective}. */
    private static LawFit claiming(LawFit good, double[] theta, double objective) {
        List<Double> values = Arrays.stream(theta).boxed().toList();
        Certificate certificate =
                new Certificate(0, 1, 1, List.of(new Certificate.Basin(objective, values)), List.of());
        return new LawFit(
                good.estimator(),
                good.law(),
                values,
                good.covariance(),
                good.sigma(),
                objective,
                certificate,
                good.points(),
                List.of());
    }

    /** Published laws, and the same study's law before the five highest losses were dropped. */
    @Test
    void refit_afterLawsOfOtherData_reachesTheOptimum() {
        LawPoints points = epoch.points();
        LawFit good = RealFinals.found(ESTIMATOR.fit(points, OPTIONS));
        for (ChinchillaLaw law : List.of(
                new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28),
                new ChinchillaLaw(0, 300, 900, 0.2, 0.25),
                new ChinchillaLaw(2.4, 1e12, 2, 1.9, 0.01))) {
            double value = RealFinals.objective(points, OPTIONS.delta(), law);
            assertOptimal(ESTIMATOR.refit(claiming(good, law.theta(), value), points, OPTIONS), "after " + law);
        }
        LawFit ofAll = RealFinals.found(ESTIMATOR.fit(EpochData.all().points(), OPTIONS));
        assertOptimal(ESTIMATOR.refit(ofAll, points, OPTIONS), "after all 245 points");
    }

    /** A change of unit of N, D or L shifts a logarithm: F and the exponents stay, in whatever order the points come. */
    @Test
    void fit_aThousandOrdersAndUnits_reachesTheOptimumEachTime() {
        long seed = 42;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int[] order = IntStream.range(0, epoch.loss.length).toArray();
        for (int trial = 0; trial < TRIALS; trial++) {
            double ofParams = trial == 0 ? 1e-6 : Math.pow(10, 24 * random.nextDouble() - 12);
            double ofTokens = trial == 0 ? 1e-9 : Math.pow(10, 24 * random.nextDouble() - 12);
            double ofLoss = trial % 2 == 0 ? 1 : 1 / Math.log(2);
            String units = "trial " + trial + ", N times " + ofParams + ", D times " + ofTokens + ", L times " + ofLoss;
            shuffle(order, random);
            EpochData rows = epoch.rows(order);
            LawPoints points = LawPoints.of(
                    scaled(rows.params, ofParams), scaled(rows.tokens, ofTokens), scaled(rows.loss, ofLoss));
            Outcome<LawFit> outcome = ESTIMATOR.fit(points, OPTIONS);
            assertOptimal(outcome, units);
            ChinchillaLaw law = (ChinchillaLaw) RealFinals.found(outcome).law();
            assertThat(law.alpha()).as(units).isCloseTo(ALPHA, within(1e-8));
            assertThat(law.beta()).as(units).isCloseTo(BETA, within(1e-8));
        }
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    private static double[] scaled(double[] values, double unit) {
        return Arrays.stream(values).map(value -> value * unit).toArray();
    }
}
