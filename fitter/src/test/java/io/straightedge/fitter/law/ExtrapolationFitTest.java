package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.Extrapolation;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExtrapolationFitTest {

    private static final ChinchillaLaw TRUTH = new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

    /** Errors of the plain method with the top two budgets held out, in percent, by another program. */
    private static final Map<String, Double> PLAIN = Map.of(
            "epochai_chinchilla__massivetext__chinchilla", .684,
            "llama_3__exp_loss", .341,
            "llama_3__raw_loss", .601,
            "marin_202603__comma__llama_2", 1.467);

    private static <T> T found(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<T>) outcome).value();
    }

    @Test
    void holdOut_plainFitOnRealSets_givesTheErrorsOfAnotherProgram() {
        Map<String, LawPoints> sets = IsoFlopSets.screened();
        PLAIN.forEach((family, percent) -> {
            HoldOut plain = found(RollingBackTest.holdOut(
                    LawEstimators.chinchilla(), Objects.requireNonNull(sets.get(family)), FitOptions.DEFAULT, 2));
            assertThat(plain.meanAbsolutePercent()).as(family).isCloseTo(percent, within(6e-4));
        });
    }

    /** Goal: pooled coverage of 85 to 95 %, each set 75 % or more, error and bias no worse than the plain fit's. */
    @Test
    void holdOut_topTwoBudgetsOfRealSets_coversAsItSaysAndErrsLessThanThePlainFit() {
        double inside = 0;
        double points = 0;
        double error = 0;
        double plainError = 0;
        double bias = 0;
        double plainBias = 0;
        for (Map.Entry<String, LawPoints> set : IsoFlopSets.screened().entrySet()) {
            HoldOut held = found(ExtrapolationFit.holdOut(set.getValue(), FitOptions.DEFAULT, 2, 0.9));
            HoldOut plain =
                    found(RollingBackTest.holdOut(LawEstimators.chinchilla(), set.getValue(), FitOptions.DEFAULT, 2));
            System.out.printf(
                    "%s: MAPE %.3f %% (plain %.3f), bias %+.3f %% (plain %+.3f), 90 %% covers %.2f of %d%n",
                    set.getKey(),
                    held.meanAbsolutePercent(),
                    plain.meanAbsolutePercent(),
                    held.meanPercent(),
                    plain.meanPercent(),
                    held.coverage(),
                    held.points());
            assertThat(held.coverage()).as(set.getKey()).isGreaterThanOrEqualTo(0.75);
            inside += held.coverage() * held.points();
            points += held.points();
            error += held.meanAbsolutePercent();
            plainError += plain.meanAbsolutePercent();
            bias += Math.abs(held.meanPercent());
            plainBias += Math.abs(plain.meanPercent());
        }
        assertThat(inside / points).isBetween(0.85, 0.95);
        assertThat(error).isLessThan(plainError);
        assertThat(bias).isLessThan(plainBias);
    }

    @Test
    void of_syntheticBudgets_coversTheNextBudgets() {
        long seed = 5;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int inside = 0;
        int asked = 0;
        for (int study = 0; study < 30; study++) {
            LawPoints points = budgets(random, 7, 0.004);
            HoldOut held = found(ExtrapolationFit.holdOut(points, FitOptions.DEFAULT, 2, 0.9));
            inside += (int) Math.round(held.coverage() * held.points());
            asked += held.points();
        }
        // The prior is wider than so clean a surface deserves.
        assertThat(inside / (double) asked).isBetween(0.88, 1.0);
    }

    @Test
    void of_sixRunsAtTwentyTokensAParameter_staysSane() {
        Random random = new Random(3);
        double[] params =
                IntStream.range(0, 6).mapToDouble(i -> 1e8 * Math.pow(1.8, i)).toArray();
        double[] tokens = IntStream.range(0, 6).mapToDouble(i -> 20 * params[i]).toArray();
        double[] loss = IntStream.range(0, 6)
                .mapToDouble(i -> TRUTH.loss(params[i], tokens[i]) * Math.exp(0.002 * random.nextGaussian()))
                .toArray();
        Extrapolation forecast = found(ExtrapolationFit.of(LawPoints.of(params, tokens, loss), FitOptions.DEFAULT));
        assertThat(forecast.budgets()).isZero();
        assertThat(forecast.factor()).isEqualTo(1.75);
        Extrapolation.Band band = forecast.run(1e10, 2e11, 0.9);
        double truth = TRUTH.loss(1e10, 2e11);
        assertThat(band.value()).isCloseTo(truth, within(0.05 * truth));
        assertThat(truth).isBetween(band.lower(), band.upper());
    }

    @Test
    void of_fiveRuns_refusesInWords() {
        LawPoints points = budgets(new Random(1), 5, 0).select(new int[] {0, 1, 2, 3, 4});
        assertThat(ExtrapolationFit.of(points, FitOptions.DEFAULT))
                .isEqualTo(Outcome.refused("5 runs: a forecast beyond the data needs at least 6"));
    }

    @Test
    void of_pointsReordered_isTheSameForecast() {
        LawPoints points = budgets(new Random(4), 6, 0.004);
        int n = points.size();
        LawPoints reversed =
                points.select(IntStream.range(0, n).map(i -> n - 1 - i).toArray());
        double one = found(ExtrapolationFit.of(points, FitOptions.DEFAULT)).logLoss(1e11, 1e12);
        double other = found(ExtrapolationFit.of(reversed, FitOptions.DEFAULT)).logLoss(1e11, 1e12);
        assertThat(other).isCloseTo(one, within(1e-9));
    }

    /** Two seeds a size: a quantile of compute ends between them. */
    @Test
    void of_seedsOfALadderReordered_isTheSameForecast() {
        Random random = new Random(6);
        int n = 26;
        double[] params = new double[n];
        double[] tokens = new double[n];
        double[] loss = new double[n];
        for (int i = 0; i < n; i++) {
            params[i] = 1e8 * Math.pow(1.3, Math.floorDiv(i, 2));
            tokens[i] = params[i] * (Math.floorDiv(i, 2) % 3 == 0 ? 10 : 40);
            loss[i] = TRUTH.loss(params[i], tokens[i]) * Math.exp(0.004 * random.nextGaussian());
        }
        LawPoints points = LawPoints.of(params, tokens, loss);
        LawPoints swapped = points.select(IntStream.range(0, n).map(i -> i ^ 1).toArray());
        double one = found(ExtrapolationFit.of(points, FitOptions.DEFAULT)).logLoss(1e11, 1e12);
        double other = found(ExtrapolationFit.of(swapped, FitOptions.DEFAULT)).logLoss(1e11, 1e12);
        assertThat(other).isCloseTo(one, within(1e-9));
    }

    @Test
    void groups_ofBudgets_areTheBudgets_andOfALadderAreQuantiles() {
        BudgetGroups budgets = BudgetGroups.of(budgets(new Random(2), 6, 0));
        assertThat(budgets.count()).isEqualTo(6);
        assertThat(budgets.between(0, 1)).hasSize(9);
        double[] params =
                IntStream.range(0, 40).mapToDouble(i -> 1e8 * Math.pow(1.2, i)).toArray();
        double[] tokens =
                IntStream.range(0, 40).mapToDouble(i -> 20 * params[i]).toArray();
        double[] loss = IntStream.range(0, 40)
                .mapToDouble(i -> TRUTH.loss(params[i], tokens[i]))
                .toArray();
        BudgetGroups ladder = BudgetGroups.of(LawPoints.of(params, tokens, loss));
        assertThat(ladder.count()).isEqualTo(10);
        assertThat(ladder.between(9, 10)).containsExactly(36, 37, 38, 39);
    }

    /** Nine sizes a budget about the optimum, from 1e18 FLOPs in factors of 3. */
    private static LawPoints budgets(Random random, int count, double noise) {
        int n = 9 * count;
        double[] params = new double[n];
        double[] tokens = new double[n];
        double[] loss = new double[n];
        for (int i = 0; i < n; i++) {
            double flops = 1e18 * Math.pow(3, Math.floorDiv(i, 9));
            params[i] = TRUTH.optimum(flops).params() * Math.pow(1.5, i % 9 - 4);
            tokens[i] = flops / 6 / params[i];
            loss[i] = TRUTH.loss(params[i], tokens[i]) * Math.exp(noise * random.nextGaussian());
        }
        return LawPoints.of(params, tokens, loss);
    }
}
