package io.straightedge.fitter.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurveLesson;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.interval.ConformalFactors;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What finished runs teach, on runs drawn from the law itself. */
class FinishedRunsTest {

    private static final long T = 10_000;
    private static final double DROP = .05;
    private static final LrPlan COSINE =
            LrPlan.of(new Schedule(ScheduleKind.COSINE, 100L, 1., .1, null, null, List.of()), T);
    private static final LrPlan CONSTANT = LrPlan.of(Schedule.of(ScheduleKind.CONSTANT, 100L, 1.), T);

    private final CurveForecaster forecaster = new CurveForecaster();

    /** (2 + 8 S1^-.5) (1 - .05 D), D the first anneal shape, times {@code level}. */
    private static double loss(LrPlan plan, double step, double level, double drop) {
        return level * (2 + 8 / Math.sqrt(plan.progress(step) + 1)) * (1 - drop * plan.anneal(0, step));
    }

    private static LogBins bins(LrPlan plan, double until, double level, double drop) {
        LogBins bins = new LogBins();
        for (long step = 10; step <= until; step += 10) {
            bins.add(step, loss(plan, (double) step, level, drop));
        }
        return bins;
    }

    private static Recipe recipe(LrPlan plan, double params, double lr, String optimizer, Map<String, Double> numbers) {
        return new Recipe(
                ScheduleClass.of(plan),
                Recipe.scheduleNumbers(plan),
                true,
                optimizer,
                lr,
                params,
                (double) T,
                1e5,
                numbers);
    }

    private FinishedRun run(String name, LrPlan plan, Recipe recipe, double level, double drop) {
        LogBins bins = bins(plan, (double) T, level, drop);
        CurveLesson lesson = ((Outcome.Found<CurveLesson>) forecaster.learn(bins, plan, 1e-3)).value();
        return FinishedRun.of(name, recipe, lesson, plan, bins, 1e-3, loss(plan, (double) T, level, drop));
    }

    private FinishedRun run(String name, LrPlan plan, double params, double level) {
        return run(name, plan, recipe(plan, params, 1e-3, "adamw", Map.of()), level, DROP);
    }

    private CurveFit seen(LrPlan plan, double fraction, double level) {
        LogBins bins = bins(plan, fraction * T, level, DROP);
        return ((Outcome.Found<CurveFit>) forecaster.fit(bins, bins.size(), plan, 1e-3, CurvePrior.UNIVERSAL)).value();
    }

    @Test
    void donors_withTheSameScheduleAndShape_giveTheFinalLossItself() {
        List<FinishedRun> runs = List.of(run("a", COSINE, 1e8, 1), run("b", COSINE, 2e8, .9));
        Donors.Moments donors = Objects.requireNonNull(Donors.forecast(runs, seen(COSINE, .5, 1.1), COSINE));
        assertThat(donors.mean()).isCloseTo(loss(COSINE, (double) T, 1.1, DROP), within(3e-3));
        assertThat(donors.sd()).isBetween(.002, .05);
    }

    @Test
    void donors_fewerThanTwoWithThatSchedule_areNone() {
        List<FinishedRun> runs =
                List.of(run("a", CONSTANT, 1e8, 1), run("b", CONSTANT, 2e8, .9), run("c", COSINE, 1e8, 1));
        assertThat(Donors.forecast(runs, seen(COSINE, .5, 1.1), COSINE)).isNull();
        assertThat(Donors.alike(runs.get(0), COSINE, .5)).isFalse();
        assertThat(Donors.alike(runs.get(2), COSINE, .5)).isTrue();
        LrPlan unknown = LrPlan.of(null, T);
        assertThat(Donors.alike(runs.get(0), unknown, .5))
                .as("constant, and not known")
                .isFalse();
    }

    @Test
    void familyPrior_twoRuns_isUniversal_sixAreBelieved() {
        Recipe recipe = recipe(COSINE, 3e8, 1e-3, "adamw", Map.of());
        List<FinishedRun> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(run("r" + i, COSINE, 1e8 * (1 + i), 1 + .02 * i));
        }
        CurvePrior universal = CurvePrior.universal(1e-3);
        assertThat(FamilyPrior.of(runs.subList(0, 2), recipe, .5)).isEqualTo(universal);
        CurvePrior family = FamilyPrior.of(runs, recipe, .5);
        double atTheRunsLevel = DROP * loss(COSINE, .5 * T, 1, 0) / loss(COSINE, .5 * T, 1, DROP);
        assertThat(Math.abs(family.dropMean().get(0) - atTheRunsLevel))
                .isLessThan(.7 * Math.abs(universal.dropMean().get(0) - atTheRunsLevel));
        assertThat(family.dropSd().get(0)).isLessThan(universal.dropSd().get(0));
        assertThat(family.logAlphaSd()).isLessThan(universal.logAlphaSd());
    }

    @Test
    void selection_manySizes_takesAsManyOfEachAndAllOfTheRare() {
        List<FinishedRun> runs = new ArrayList<>();
        FinishedRun small = run("s", COSINE, 1e8, 1);
        FinishedRun middle = run("m", COSINE, 2e8, 1);
        FinishedRun large = run("l", COSINE, 4e8, 1);
        runs.addAll(Collections.nCopies(500, small));
        runs.addAll(Collections.nCopies(50, middle));
        runs.addAll(Collections.nCopies(5, large));
        List<Integer> chosen = Selection.of(runs, 100);
        assertThat(chosen).isSorted().doesNotHaveDuplicates().hasSize(99);
        assertThat(chosen.stream().filter(i -> i < 500)).hasSize(47);
        assertThat(chosen.stream().filter(i -> i >= 550)).hasSize(5);
        assertThat(chosen.get(0)).as("evenly over the time in which they ended").isBetween(1, 10);
        assertThat(Selection.of(runs.subList(0, 30), 100)).hasSize(30);
    }

    @Test
    void featureTable_whatDoesNotVaryIsLeftOut_andWhatIsNotKnownIsTheMean() {
        List<FinishedRun> runs = List.of(
                run("a", COSINE, recipe(COSINE, 1e8, 1e-3, "adamw", Map.of("weightDecay", .1)), 1, DROP),
                run("b", COSINE, recipe(COSINE, 2e8, 2e-3, "muon", Map.of("weightDecay", .3)), 1, DROP),
                run("c", COSINE, recipe(COSINE, 4e8, 4e-3, "muon", Map.of()), 1, DROP));
        FeatureTable table = new FeatureTable(runs, null, false);
        assertThat(table.useful()).isTrue();
        // N, the peak rate, weight decay and two optimisers vary; D, the batch and the schedule do not.
        assertThat(table.kernel().groups()).isEqualTo(4);
        double[] unknown = table.row(recipe(COSINE, Double.NaN, 2e-3, "lion", Map.of()), null);
        assertThat(unknown).hasSize(5);
        assertThat(unknown[0]).as("N is not known").isZero();
        assertThat(unknown[1]).as("the middle rate").isCloseTo(0, within(1e-12));
        assertThat(unknown[2]).as("weight decay is not known").isZero();
        double[] first = table.row(runs.get(0).recipe(), null);
        assertThat(first[0]).isCloseTo(-Math.sqrt(1.5), within(1e-9));
        assertThat(new FeatureTable(List.of(runs.get(0), runs.get(0)), null, true).useful())
                .isFalse();
    }

    /** The final loss depends on the learning rate in a way that a curve's first third does not show. */
    @Test
    void history_ofTwentyRuns_foreseesWhatTheRecipeDoes_andItsIntervalsHold() {
        Random random = new Random(3);
        List<FinishedRun> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            double log = -1 + 2 * random.nextDouble();
            runs.add(run("r" + i, COSINE, ofRate(log), 1, DROP * (1 + .8 * log)));
        }
        double alone = 0;
        double informed = 0;
        int inside = 0;
        for (double log : new double[] {-.9, -.6, -.3, .1, .4, .7}) {
            double drop = DROP * (1 + .8 * log);
            double truth = loss(COSINE, (double) T, 1, drop);
            double without = forecast(List.of(), log, drop);
            Informed with = inform(runs, log, drop);
            double mean = with.endMean();
            alone += Math.abs(without - truth) / 6;
            informed += Math.abs(mean - truth) / 6;
            inside += Math.abs(mean - truth) <= with.factors().at95() * with.endScale() ? 1 : 0;
        }
        System.out.printf("mean error %.4f nats alone, %.4f with twenty runs%n", alone, informed);
        assertThat(informed).isLessThan(.3 * alone);
        assertThat(inside).isGreaterThanOrEqualTo(5);
    }

    @Test
    void prepare_byAnotherThread_changesNothing() throws InterruptedException {
        List<FinishedRun> runs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            double log = -.8 + .2 * i;
            runs.add(run("r" + i, COSINE, ofRate(log), 1, DROP * (1 + .8 * log)));
        }
        LogBins bins = bins(COSINE, T / 3., 1, DROP);
        Informed unprepared = inform(runs, 0, DROP);
        StudyHistory history = new StudyHistory(runs);
        ExecutorService background = Executors.newSingleThreadExecutor();
        history.prepare(1 / 3., background);
        background.shutdown();
        assertThat(background.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        Informed prepared =
                history.inform(forecaster, bins, bins.size(), COSINE, 1e-3, ofRate(0), ConformalFactors::at);
        assertThat(prepared).isEqualTo(unprepared);
        assertThat(prepared.endMean()).isPositive();
    }

    private Recipe ofRate(double log) {
        return recipe(COSINE, 1e8, 1e-3 * Math.exp(log), "adamw", Map.of());
    }

    private Informed inform(List<FinishedRun> runs, double log, double drop) {
        LogBins bins = bins(COSINE, T / 3., 1, drop);
        return new StudyHistory(runs)
                .inform(forecaster, bins, bins.size(), COSINE, 1e-3, ofRate(log), ConformalFactors::at);
    }

    private double forecast(List<FinishedRun> runs, double log, double drop) {
        LogBins bins = bins(COSINE, T / 3., 1, drop);
        Outcome<CurveFit> fit = inform(runs, log, drop).forecast(forecaster, bins, bins.size(), COSINE, 1e-3);
        return ((Outcome.Found<CurveFit>) fit).value().finalLoss().mean();
    }

    @Test
    void history_ofFourRuns_isTheLawUnderTheirPrior_andFiveDoNotJump() {
        List<FinishedRun> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            double log = -.5 + .25 * i;
            runs.add(run("r" + i, i % 2 == 0 ? CONSTANT : COSINE, ofRate(log), 1, DROP));
        }
        double four = forecast(runs.subList(0, 4), .1, DROP);
        Informed informed = inform(runs.subList(0, 1), .1, DROP);
        assertThat(informed.endMean()).isNaN();
        double five = forecast(runs, .1, DROP);
        assertThat(five).isCloseTo(four, within(.02));
    }

    /** Finals that go with N^-.058: what six runs of one size say of four times that size. */
    @Test
    void byRecipe_aSizeThatNobodyHasTrained_followsTheUsualSlope_andSaysThatItDoes() {
        List<FinishedRun> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Recipe recipe = recipe(COSINE, 1e8, 1e-3 * (1 + i), "adamw", Map.of());
            runs.add(run("r" + i, COSINE, recipe, 1 + .001 * i, DROP));
        }
        StudyHistory history = new StudyHistory(runs);
        double known = loss(COSINE, (double) T, 1, DROP);
        Donors.Moments same = Objects.requireNonNull(history.byRecipe(recipe(COSINE, 1e8, 1e-3, "adamw", Map.of())));
        Donors.Moments larger = Objects.requireNonNull(history.byRecipe(recipe(COSINE, 4e8, 1e-3, "adamw", Map.of())));
        assertThat(same.mean()).isCloseTo(known, within(.01 * known));
        assertThat(larger.mean() / same.mean()).isCloseTo(Math.pow(4, -.058), within(1e-6));
        assertThat(larger.sd() / larger.mean()).isGreaterThan(.02 * Math.log(4));
    }
}
