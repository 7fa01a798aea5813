package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChinchillaFitTest {

    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();
    /** Global minimum on Epoch's 240 points, known to ten digits from an independent program. */
    private static final double EPOCH_OPTIMUM = 1.018274017801e-3;

    private static final ChinchillaLaw BESIROGLU = new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

    private static LawFit found(Outcome<LawFit> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<LawFit>) outcome).value();
    }

    private static LawFit fit(EpochData data) {
        return found(ESTIMATOR.fit(data.points(), OPTIONS));
    }

    @Test
    void fit_epochs240Points_reachesTheKnownOptimum() {
        LawFit fit = fit(EpochData.published());
        System.out.println(fit);

        assertThat(fit.objective()).isLessThanOrEqualTo(EPOCH_OPTIMUM * (1 + 1e-9));
        assertThat(law(fit).E()).isCloseTo(1.817218, within(2e-6));
        assertThat(law(fit).A()).isCloseTo(477.826, within(5e-3));
        assertThat(law(fit).B()).isCloseTo(2143.417, within(2e-2));
        assertThat(law(fit).alpha()).isCloseTo(0.347310, within(2e-6));
        assertThat(law(fit).beta()).isCloseTo(0.367172, within(2e-6));
        assertThat(fit.certificate().gradientNorm()).isLessThan(1e-9);
        assertThat(fit.diagnostics()).isEmpty();
    }

    @Test
    void fit_all245Points_reachesTheKnownOptimum() {
        assertThat(fit(EpochData.all()).objective()).isLessThanOrEqualTo(1.826010523e-3 * (1 + 1e-9));
    }

    @Test
    void fit_200BootstrapSamples_neverWorseThanThePeer() {
        EpochData all = EpochData.all();
        List<String> samples = RealData.lines("epoch_chinchilla/boot_first200_indices.txt");
        List<String> answers = RealData.lines("epoch_chinchilla/boot_first200_params_F.txt");
        int better = 0;
        int worse = 0;
        for (int i = 0; i < samples.size(); i++) {
            int[] rows = Arrays.stream(samples.get(i).trim().split("\\s+"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            double ours = fit(all.rows(rows)).objective();
            double[] answer = Arrays.stream(answers.get(i).trim().split("\\s+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double peer = answer[5];
            if (ours > peer * (1 + 1e-9)) {
                worse++;
                System.out.printf("sample %d: %.15e, peer %.15e, excess %.3e%n", i, ours, peer, ours / peer - 1);
            }
            better += ours < peer * (1 - 1e-6) ? 1 : 0;
        }
        System.out.println("bootstrap: lower than the peer by more than 1e-6 in " + better + ", higher in " + worse);
        assertThat(worse).isZero();
    }

    @Test
    void fit_bootstrapSpread_agreesWithTheCovariance() {
        LawFit fit = fit(EpochData.published());
        // Published by the peer's 4,000 resamples.
        assertThat(Math.sqrt(fit.covariance().get(3).get(3))).isBetween(0.0154 / 1.6, 0.0154 * 1.6);
        assertThat(Math.sqrt(fit.covariance().get(4).get(4))).isBetween(0.0206 / 1.6, 0.0206 * 1.6);
        assertThat(law(fit).E() * Math.sqrt(fit.covariance().get(2).get(2))).isBetween(0.02566 / 1.6, 0.02566 * 1.6);
        double correlation = fit.covariance().get(0).get(3)
                / Math.sqrt(
                        fit.covariance().get(0).get(0) * fit.covariance().get(3).get(3));
        assertThat(correlation).isBetween(0.995, 1.0);
    }

    /** Two sizes a column of the ladder, off the diagonal. */
    private static double[][] ladder(ChinchillaLaw law) {
        double[] params = {1e8, 1e8, 2.5e8, 2.5e8, 6e8, 6e8, 1.5e9, 1.5e9};
        double[] tokens = {2e9, 2e10, 5e9, 4e10, 1.2e10, 6e10, 3e10, 1.5e11};
        double[] loss = new double[8];
        for (int i = 0; i < 8; i++) {
            loss[i] = law.loss(params[i], tokens[i]);
        }
        return new double[][] {params, tokens, loss, {1, 1, 1, 1, 1, 1, 1, 1}};
    }

    private static LawPoints points(double[][] p) {
        return LawPoints.of(p[0], p[1], p[2], p[3]);
    }

    private static ChinchillaLaw law(LawFit fit) {
        return (ChinchillaLaw) fit.law();
    }

    private static LawFit fit(double[][] p) {
        return found(ESTIMATOR.fit(points(p), OPTIONS));
    }

    private static void assertRecovered(ChinchillaLaw law, ChinchillaLaw truth, double tolerance) {
        assertThat(law.E()).isCloseTo(truth.E(), within(tolerance * truth.E()));
        assertThat(law.A()).isCloseTo(truth.A(), within(tolerance * truth.A()));
        assertThat(law.B()).isCloseTo(truth.B(), within(tolerance * truth.B()));
        assertThat(law.alpha()).isCloseTo(truth.alpha(), within(tolerance * truth.alpha()));
        assertThat(law.beta()).isCloseTo(truth.beta(), within(tolerance * truth.beta()));
    }

    @Test
    void fit_noiselessLadderOfEight_recoversTheCoefficients() {
        for (ChinchillaLaw law : List.of(
                BESIROGLU,
                new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28),
                new ChinchillaLaw(1.87, 520.7, 1488, 0.3526596, 0.3526596))) {
            assertRecovered(law(fit(ladder(law))), law, 1e-6);
        }
    }

    @Test
    void fit_oneWildPoint_isHardlyMoved() {
        double[][] ladder = ladder(BESIROGLU);
        ladder[2][3] *= 1.2;
        LawFit fit = fit(ladder);
        assertThat(law(fit).optimum(5.76e23).loss())
                .isCloseTo(BESIROGLU.optimum(5.76e23).loss(), within(0.01));
    }

    @Test
    void fit_sameEvents_sameBits() {
        assertThat(fit(ladder(BESIROGLU))).isEqualTo(fit(ladder(BESIROGLU)));
    }

    @Test
    void fit_pointsReordered_sameOptimum() {
        long seed = 7;
        System.out.println("seed " + seed);
        double[][] noisy = noisy(seed, 20, 0.002);
        double[][] reversed = new double[4][];
        for (int k = 0; k < 4; k++) {
            int n = noisy[k].length;
            double[] row = noisy[k];
            reversed[k] = new double[n];
            for (int i = 0; i < n; i++) {
                reversed[k][i] = row[n - 1 - i];
            }
        }
        assertThat(fit(reversed).objective())
                .isCloseTo(fit(noisy).objective(), within(1e-12 * fit(noisy).objective()));
        assertThat(law(fit(reversed)).alpha()).isCloseTo(law(fit(noisy)).alpha(), within(1e-6));
    }

    @Test
    void fit_everyPointTwiceOrWeightTwo_sameLawAndTwiceTheObjective() {
        double[][] noisy = noisy(11, 16, 0.002);
        double[][] twice = new double[4][];
        for (int k = 0; k < 4; k++) {
            int n = noisy[k].length;
            twice[k] = Arrays.copyOf(noisy[k], 2 * n);
            System.arraycopy(noisy[k], 0, twice[k], n, n);
        }
        double[][] heavy = noisy.clone();
        heavy[3] = Arrays.stream(noisy[3]).map(w -> 2 * w).toArray();
        LawFit once = fit(noisy);
        assertThat(fit(twice).objective()).isCloseTo(2 * once.objective(), within(1e-11 * once.objective()));
        assertThat(fit(heavy).objective()).isCloseTo(2 * once.objective(), within(1e-11 * once.objective()));
        assertThat(law(fit(heavy)).beta()).isCloseTo(law(once).beta(), within(1e-7));
    }

    @Test
    void fit_paramsInOtherUnits_sameExponentsAndLosses() {
        double[][] noisy = noisy(13, 16, 0.002);
        double[][] millions = noisy.clone();
        millions[0] = Arrays.stream(noisy[0]).map(n -> n / 1e6).toArray();
        assertThat(law(fit(millions)).alpha()).isCloseTo(law(fit(noisy)).alpha(), within(1e-6));
        assertThat(law(fit(millions)).loss(1e3, 1e10)).isCloseTo(law(fit(noisy)).loss(1e9, 1e10), within(1e-7));
    }

    @Test
    void fit_weightZero_isAsIfThePointWereNotThere() {
        double[][] ladder = ladder(BESIROGLU);
        ladder[2][0] = 9;
        ladder[3][0] = 0;
        assertRecovered(law(fit(ladder)), BESIROGLU, 1e-5);
        assertThat(fit(ladder).points()).isEqualTo(7);
    }

    @Test
    void refit_aPointMoved_reachesTheColdOptimum() {
        double[][] noisy = noisy(17, 20, 0.002);
        LawFit before = fit(noisy);
        noisy[2][4] *= 1.003;
        LawFit warm = found(ESTIMATOR.refit(before, points(noisy), OPTIONS));
        assertThat(warm.objective()).isLessThanOrEqualTo(fit(noisy).objective() * (1 + 1e-6));
    }

    @Test
    void refit_fromAnotherLaw_restarts() {
        LawFit wrong = fit(ladder(new ChinchillaLaw(0.5, 5, 8, 0.1, 0.9)));
        double[][] ladder = ladder(BESIROGLU);
        LawFit warm = found(ESTIMATOR.refit(wrong, points(ladder), OPTIONS));
        assertRecovered(law(warm), BESIROGLU, 1e-5);
    }

    @Test
    void fit_fivePoints_refusesInWords() {
        double[][] ladder = ladder(BESIROGLU);
        Outcome<LawFit> outcome = ESTIMATOR.fit(points(ladder).select(new int[] {0, 1, 2, 3, 4}), OPTIONS);
        assertThat(outcome).isEqualTo(Outcome.refused("5 points: a law of five coefficients needs at least 6"));
    }

    @Test
    void fit_constantTokensOrParams_refusesInWords() {
        double[][] ladder = ladder(BESIROGLU);
        for (int i = 0; i < 8; i++) {
            ladder[0][i] = 1e8 * Math.pow(1.5, i);
        }
        Arrays.fill(ladder[1], 1e10);
        assertThat(ESTIMATOR.fit(points(ladder), OPTIONS))
                .isEqualTo(Outcome.refused("the runs span less than half a decade of tokens"));
        assertThat(ESTIMATOR.fit(LawPoints.of(ladder[1], ladder[0], ladder[2]), OPTIONS))
                .isEqualTo(Outcome.refused("the runs span less than half a decade of parameters"));
    }

    @Test
    void fit_twentyTokensAParameterThroughout_saysThatTheyMoveTogether() {
        double[][] ladder = ladder(BESIROGLU);
        for (int i = 0; i < 8; i++) {
            ladder[0][i] = 1e8 * Math.pow(1.6, i);
            ladder[1][i] = 20 * ladder[0][i];
            ladder[2][i] = BESIROGLU.loss(ladder[0][i], ladder[1][i]);
        }
        assertThat(fit(ladder).diagnostics()).anyMatch(d -> d.startsWith("parameters and tokens move together"));
    }

    @Test
    void fit_lawWithoutFloor_saysThatEIsAtItsBoundary() {
        double[][] ladder = ladder(new ChinchillaLaw(0, 20, 30, 0.1, 0.12));
        Outcome<LawFit> outcome = ESTIMATOR.fit(points(ladder), OPTIONS);
        assertThat(found(outcome).diagnostics()).anyMatch(d -> d.startsWith("E is at its boundary"));
    }

    private static double[][] noisy(long seed, int n, double sigma) {
        Random random = new Random(seed);
        double[][] out = new double[4][n];
        for (int i = 0; i < n; i++) {
            out[0][i] = 1e8 * Math.pow(20, random.nextDouble());
            out[1][i] = out[0][i] * 10 * Math.pow(20, random.nextDouble());
            out[2][i] = BESIROGLU.loss(out[0][i], out[1][i]) * Math.exp(sigma * random.nextGaussian());
            out[3][i] = 1;
        }
        return out;
    }
}
