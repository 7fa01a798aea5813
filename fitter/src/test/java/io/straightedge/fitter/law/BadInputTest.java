package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Points that allow no law, or none to rest on, meet a refusal or a doubt in words from every form of L(N, D). */
class BadInputTest {

    private static final ChinchillaLaw TRUTH = new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);
    /** The forms of L(N, D). */
    private static final List<LawEstimator> SURFACES = Stream.of(
                    "chinchilla", "chinchilla-gamma", "overtraining", "farseer", "kaplan")
            .map(LawEstimators::named)
            .toList();

    private static final int POINTS = 20;
    private static final long SEED = 71;

    /** N, D, L of runs scattered over 1.5 decades of N and 1.8 of D, with noise of .2 %. */
    private static double[][] runs(int n) {
        Random random = new Random(SEED);
        double[][] p = new double[3][n];
        for (int i = 0; i < n; i++) {
            p[0][i] = 1e8 * Math.pow(30, random.nextDouble());
            p[1][i] = 2e9 * Math.pow(60, random.nextDouble());
            p[2][i] = TRUTH.loss(p[0][i], p[1][i]) * Math.exp(0.002 * random.nextGaussian());
        }
        return p;
    }

    private static LawPoints points(double[][] p) {
        return LawPoints.of(p[0], p[1], p[2]);
    }

    private static void reloss(double[][] p, double noise) {
        Random random = new Random(SEED + 1);
        for (int i = 0; i < p[0].length; i++) {
            p[2][i] = TRUTH.loss(p[0][i], p[1][i]) * Math.exp(noise * random.nextGaussian());
        }
    }

    private static Outcome<LawFit> fit(LawEstimator estimator, LawPoints points) {
        return estimator.fit(points, FitOptions.DEFAULT);
    }

    /** What a person is told: the refusal, or the doubts. */
    private static List<String> words(Outcome<LawFit> outcome) {
        return outcome instanceof Outcome.Refused<LawFit> refused
                ? List.of(refused.reason())
                : RealFinals.found(outcome).diagnostics();
    }

    @Test
    void of_numbersThatAreNone_namesThePoint() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, -1}) {
            for (int column = 0; column < 3; column++) {
                double[][] p = runs(POINTS);
                p[column][3] = bad;
                assertThatIllegalArgumentException()
                        .as("column " + column + " is " + bad)
                        .isThrownBy(() -> points(p))
                        .withMessageContaining("point 3 ")
                        .withMessageContaining("must be positive and finite");
            }
        }
    }

    @Test
    void of_weightOrRunOutOfRange_namesThePoint() {
        double[][] p = runs(2);
        double[] ones = {1, 1};
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LawPoints.of(p[0], p[1], p[2], new double[] {1, bad}))
                    .withMessageContaining("point 1 ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LawPoints.of(p[0], p[1], p[0], p[2], ones, new int[] {-1, 0}))
                .withMessageContaining("point 0 has run -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LawPoints.of(p[0], new double[1], p[2]))
                .withMessageContaining("length");
    }

    @Test
    void fit_noMorePointsThanCoefficients_saysHowManyAreNeeded() {
        for (LawEstimator estimator : SURFACES) {
            int coefficients = 0;
            while (fit(estimator, points(runs(coefficients))) instanceof Outcome.Refused<LawFit> refused
                    && coefficients < POINTS) {
                String reason = refused.reason();
                assertThat(reason).as(estimator.name()).startsWith(coefficients + " points: a law of ");
                coefficients++;
            }
            // One more than the coefficients is the least that leaves a residual.
            int found = coefficients;
            assertThat(words(fit(estimator, points(runs(0)))))
                    .as(estimator.name())
                    .allMatch(reason -> reason.endsWith("coefficients needs at least " + found));
            assertThat(RealFinals.found(fit(estimator, points(runs(found)))).theta())
                    .hasSize(found - 1);
        }
    }

    /** All weights zero are no points; the points of weight zero do not count. */
    @Test
    void fit_weightsOfZero_areNoPoints() {
        double[][] p = runs(POINTS);
        double[] weight = new double[POINTS];
        Arrays.fill(weight, 0, 4, 1);
        LawPoints four = LawPoints.of(p[0], p[1], p[2], weight);
        LawPoints none = LawPoints.of(p[0], p[1], p[2], new double[POINTS]);
        for (LawEstimator estimator : SURFACES) {
            assertThat(words(fit(estimator, four))).allMatch(reason -> reason.startsWith("4 points: "));
            assertThat(words(fit(estimator, none))).allMatch(reason -> reason.startsWith("0 points: "));
        }
    }

    @Test
    void fit_oneSizeOrOneLength_isRefused() {
        double[][] oneSize = runs(POINTS);
        Arrays.fill(oneSize[0], 1e9);
        double[][] oneLength = runs(POINTS);
        Arrays.fill(oneLength[1], 2e10);
        for (LawEstimator estimator : SURFACES) {
            assertThat(fit(estimator, points(oneSize)))
                    .isEqualTo(Outcome.refused("the runs span less than half a decade of parameters"));
            assertThat(fit(estimator, points(oneLength)))
                    .isEqualTo(Outcome.refused("the runs span less than half a decade of tokens"));
        }
    }

    /** Rows that repeat the places of others are no more places. */
    @Test
    void fit_repeatedRows_countAsOnePlace() {
        for (int places : new int[] {1, 2, 4}) {
            double[][] p = runs(POINTS);
            for (int i = places; i < POINTS; i++) {
                for (double[] column : p) {
                    column[i] = column[i % places];
                }
            }
            for (LawEstimator estimator : SURFACES) {
                assertThat(words(fit(estimator, points(p))))
                        .as(estimator.name())
                        .allMatch(reason -> reason.startsWith("20 points at " + places + " pair"));
            }
        }
    }

    /** Five places would let five coefficients through exactly, certified and with a small interval. */
    @Test
    void fit_fivePlacesFourTimes_isRefusedFiveCoefficients() {
        double[][] p = runs(POINTS);
        for (int i = 5; i < POINTS; i++) {
            p[0][i] = p[0][i % 5];
            p[1][i] = p[1][i % 5];
        }
        reloss(p, 0.002);
        assertThat(fit(LawEstimators.chinchilla(), points(p)))
                .isEqualTo(Outcome.refused(
                        "20 points at 5 pairs of N and D: a law of five coefficients needs at least 6"));
    }

    /** Layouts and losses under which a law is found, if at all, that must not be rested on. */
    private static Map<String, double[][]> doubtful() {
        Random random = new Random(SEED + 2);
        Map<String, double[][]> cases = new LinkedHashMap<>();
        double[][] constant = runs(POINTS);
        Arrays.fill(constant[2], 2.5);
        cases.put("one loss everywhere", constant);

        double[][] clusters = runs(POINTS);
        for (int i = 0; i < POINTS; i++) {
            clusters[0][i] = (i % 2 == 0 ? 1e8 : 1e10) * Math.exp(0.01 * random.nextGaussian());
            clusters[1][i] = (i % 2 == 0 ? 2e9 : 2e11) * Math.exp(0.01 * random.nextGaussian());
        }
        reloss(clusters, 0.002);
        cases.put("two clusters", clusters);

        double[][] ratio = runs(POINTS);
        for (int i = 0; i < POINTS; i++) {
            ratio[1][i] = 20 * ratio[0][i];
        }
        reloss(ratio, 0.002);
        cases.put("D = 20 N", ratio);

        double[][] step = runs(POINTS);
        for (int i = 0; i < POINTS; i++) {
            step[2][i] = step[0][i] < 2e8 ? 4 : 2.5 + 0.001 * random.nextGaussian();
        }
        cases.put("a step in N", step);

        double[][] rising = runs(POINTS);
        for (int i = 0; i < POINTS; i++) {
            rising[2][i] = 2.5 + 0.1 * Math.log(rising[0][i] / 1e8) + 0.1 * Math.log(rising[1][i] / 1e9);
        }
        cases.put("loss rises with N and D", rising);

        double[][] noise = runs(POINTS);
        for (int i = 0; i < POINTS; i++) {
            noise[2][i] = 5 * Math.exp(0.3 * random.nextGaussian());
        }
        cases.put("noise of 30 %", noise);

        double[][] bits = runs(POINTS);
        for (int i = 0; i < POINTS; i += 2) {
            bits[2][i] /= Math.log(2);
        }
        cases.put("every other loss in bits", bits);

        double[][] half = runs(POINTS);
        for (int i = 0; i < POINTS; i++) {
            half[0][i] = 1e9 * Math.pow(4, random.nextDouble());
        }
        reloss(half, 0.002);
        cases.put("six tenths of a decade of N", half);
        return cases;
    }

    @Test
    void fit_pointsThatAllowNoLawToRestOn_isRefusedOrDoubtedByEveryForm() {
        System.out.println("seed " + SEED);
        doubtful().forEach((name, p) -> {
            for (LawEstimator estimator : SURFACES) {
                Outcome<LawFit> outcome = fit(estimator, points(p));
                List<String> words = words(outcome);
                String what = name + ", " + estimator.name() + ": ";
                System.out.println(what + (outcome instanceof Outcome.Refused ? "refused: " : "found, but ") + words);
                assertThat(words).as(what + outcome).isNotEmpty();
                if (outcome instanceof Outcome.Found) {
                    LawFit fit = RealFinals.found(outcome);
                    assertThat(fit.objective()).as(what).isFinite();
                    assertThat(fit.theta()).as(what).doesNotContain(Double.NaN);
                }
            }
        });
    }

    /** Of few or noisy points some laws have exponents that no model has: each of these says so. */
    @Test
    void fit_fewAndNoisyPoints_neverHasAWildExponentInSilence() {
        Random random = new Random(SEED);
        List<String> silent = new ArrayList<>();
        int wild = 0;
        for (int trial = 0; trial < 400; trial++) {
            int n = 6 + trial % 8;
            double noise = new double[] {0.01, 0.05, 0.3}[trial % 3];
            double[][] p = new double[3][n];
            for (int i = 0; i < n; i++) {
                p[0][i] = 1e8 * Math.pow(30, random.nextDouble());
                p[1][i] = 2e9 * Math.pow(60, random.nextDouble());
                p[2][i] = TRUTH.loss(p[0][i], p[1][i]) * Math.exp(noise * random.nextGaussian());
            }
            if (fit(LawEstimators.chinchilla(), points(p)) instanceof Outcome.Found<LawFit> found
                    && found.value().law() instanceof ChinchillaLaw law
                    && Math.max(law.alpha(), law.beta()) > 1) {
                wild++;
                if (found.value().diagnostics().isEmpty()) {
                    silent.add(law.toString());
                }
            }
        }
        System.out.println(wild + " laws of 400 with an exponent above 1");
        assertThat(wild).isPositive();
        assertThat(silent).isEmpty();
    }
}
