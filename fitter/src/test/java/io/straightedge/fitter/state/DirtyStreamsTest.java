package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.CurvePoint;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of streams as jobs really send them. */
class DirtyStreamsTest {

    private static final Schedule CONSTANT = Schedule.of(ScheduleKind.CONSTANT, 10L, 1e-3);

    /** A power law with noise that depends on the step and the seed alone. */
    private static LongToDoubleFunction curve(long seed, double sigma) {
        return step -> clean(step) + sigma * new Random((seed * 1_000_003 + step) * 0x9E3779B97F4A7C15L).nextGaussian();
    }

    private static double clean(long step) {
        return 2.5 + 6 * Math.pow(step + 1.0, -.4);
    }

    private static RunManifest plan(long plannedSteps, Schedule schedule) {
        return RunManifest.of(Fed.STUDY, Fed.RUN, 1e8, plannedSteps, 1e5, schedule);
    }

    private static Fed fed(long plannedSteps) {
        Fed fed = new Fed();
        fed.event(plan(plannedSteps, CONSTANT));
        return fed;
    }

    private static void feed(Fed fed, long from, long to, long every, LongToDoubleFunction loss) {
        for (long step = from; step <= to; step += every) {
            fed.loss(step, loss.applyAsDouble(step));
        }
    }

    private static List<CurvePoint> bins(Fed fed) {
        return bins(fed.split().bins, 0);
    }

    private static List<CurvePoint> bins(LogBins bins, long from) {
        List<CurvePoint> all = new ArrayList<>();
        for (int i = 0; i < bins.size(); i++) {
            if (LogBins.firstStep(bins.index(i)) >= from) {
                all.add(new CurvePoint(bins.count(i), bins.meanStep(i), 0, bins.mean(i), bins.m2(i)));
            }
        }
        return all;
    }

    private static Forecast finalLoss(Fed fed) {
        CurveEstimate estimate = fed.estimate();
        return Objects.requireNonNull(estimate.finalLoss(), estimate.notes().toString());
    }

    private static int attempts(Fed fed) {
        assertThat(fed.deviations(Detector.RESTART)).hasSize(fed.run().attempt);
        return fed.run().attempt;
    }

    // Attempts.

    @ParameterizedTest(name = "log every {0}, go back from {1} to {2}, then on to {3}: {4} late")
    @CsvSource({
        // A checkpoint whose steps were all logged before: the first that differs tells.
        "1, 3000, 2500, 4000, 0",
        "10, 30000, 25000, 40000, 0",
        // A checkpoint further back than the window: three in a row tell, and the first two are not lost.
        "1, 3000, 500, 4000, 2",
        // Steps between those logged before.
        "10, 3000, 2505, 4000, 2",
        // A whole second run in the same log, dense and sparse.
        "1, 3000, 0, 4000, 2",
        "1, 300, 0, 1000, 0",
        "100, 300000, 0, 400000, 2",
        "1000, 50000, 0, 60000, 0",
    })
    void stepsGoBack_oneNewAttempt_binsAreThoseOfTheLast(long every, long first, long back, long last, int late) {
        Fed fed = fed(last * 2);
        feed(fed, 0, first, every, curve(1, .01));
        feed(fed, back, last, every, curve(2, .01));
        Fed only = fed(last * 2);
        feed(only, 0, back - 1, every, curve(1, .01));
        feed(only, back, last, every, curve(2, .01));

        assertThat(attempts(fed)).isEqualTo(1);
        assertThat(fed.count(Applied.LATE)).isEqualTo(late);
        assertThat(fed.run().attemptStart).isEqualTo(back);
        assertThat(bins(fed.split().bins, back)).isEqualTo(bins(only.split().bins, back));
        assertThat(fed.split().bins.size()).isEqualTo(only.split().bins.size());
        assertThat(fed.split().lastStep).isEqualTo(only.split().lastStep);
        assertThat(finalLoss(fed).mean()).isCloseTo(finalLoss(only).mean(), within(.005));
    }

    @Test
    void attemptsByNumber_aheadBehindAndOld_areTakenAsTold() {
        Fed fed = fed(2000);
        for (long step = 1; step <= 300; step++) {
            fed.loss(step, clean(step), 0);
        }
        for (long step = 200; step <= 400; step++) {
            fed.loss(step, clean(step) + .001, 1);
        }
        assertThat(fed.loss(401, 9, 0)).as("an old attempt's").isEqualTo(Applied.LATE);
        assertThat(fed.loss(350, 9, 1)).as("other value, same attempt").isEqualTo(Applied.LATE);
        assertThat(fed.loss(400, clean(400) + .001, 1)).isEqualTo(Applied.DUPLICATE);
        for (long step = 450; step <= 500; step++) {
            fed.loss(step, clean(step), 3);
        }
        assertThat(fed.run().attempt).isEqualTo(3);
        assertThat(fed.deviations(Detector.RESTART))
                .extracting(Deviation::message)
                .containsExactly("went back from step 300 to 200: a new attempt", "attempt 3 goes on from step 450");
        assertThat(fed.split().lastStep).isEqualTo(500);
    }

    @Test
    void manyRestarts_everyAttemptShorterThanAWindow_areCounted() {
        Fed fed = fed(5000);
        for (int attempt = 0; attempt < 20; attempt++) {
            feed(fed, Math.max(0, 100L * attempt - 30), 100L * attempt + 100, 1, curve(attempt, .01));
        }
        assertThat(attempts(fed)).isEqualTo(19);
        assertThat(fed.split().lastStep).isEqualTo(2000);
        assertThat(fed.count(Applied.LATE)).isZero();
    }

    // Duplicates, late and out-of-order records.

    @Test
    void duplicates_ofTheLastThousandPlaces_changeNothing() {
        for (long every : new long[] {1, 50}) {
            Fed fed = fed(100_000);
            feed(fed, 0, 900 * every, every, curve(1, .01));
            List<CurvePoint> before = bins(fed);
            int published = fed.out.size();
            feed(fed, 0, 900 * every, every, curve(1, .01));
            assertThat(fed.count(Applied.DUPLICATE)).isEqualTo(901);
            assertThat(bins(fed)).isEqualTo(before);
            assertThat(fed.out).hasSize(published);
        }
    }

    @Test
    void overtakenBatches_areNoRestartAndEnterBinsThatAreOpen() {
        Fed fed = fed(10_000);
        LongToDoubleFunction loss = curve(1, .01);
        feed(fed, 1, 4400, 1, loss);
        feed(fed, 4421, 4440, 1, loss);
        feed(fed, 4401, 4420, 1, loss);
        feed(fed, 4441, 4600, 1, loss);
        Fed ordered = fed(10_000);
        feed(ordered, 1, 4600, 1, loss);
        assertThat(attempts(fed)).isZero();
        assertThat(fed.count(Applied.LATE)).isZero();
        assertThat(fed.split().bins.count(fed.split().bins.size() - 1))
                .isEqualTo(ordered.split().bins.count(ordered.split().bins.size() - 1));
        assertThat(fed.split().tail(10_000)).isCloseTo(ordered.split().tail(10_000), within(1e-6));
        feed(fed, 4401, 4420, 1, loss);
        assertThat(fed.count(Applied.DUPLICATE))
                .as("those that followed, again")
                .isEqualTo(20);
    }

    @Test
    void stragglers_intoClosedBinsOrUnlikeTheRest_areLate() {
        Fed fed = fed(10_000);
        LongToDoubleFunction loss = curve(1, .01);
        feed(fed, 1, 4000, 1, loss);
        feed(fed, 4100, 4600, 1, loss);
        List<CurvePoint> before = bins(fed);
        assertThat(fed.loss(4050, loss.applyAsDouble(4050))).as("closed bin").isEqualTo(Applied.LATE);
        assertThat(bins(fed)).isEqualTo(before);
        feed(fed, 4700, 4750, 1, loss);
        assertThat(fed.loss(4650, loss.applyAsDouble(4650))).as("open bin").isEqualTo(Applied.APPLIED);
        before = bins(fed);
        assertThat(fed.loss(4651, 7)).as("a spike").isEqualTo(Applied.LATE);
        assertThat(fed.loss(4652, Double.NaN)).isEqualTo(Applied.LATE);
        assertThat(bins(fed)).isEqualTo(before);
        assertThat(attempts(fed)).isZero();
    }

    @Test
    void shuffledWithinBlocks_isNoRestart() {
        Fed fed = fed(20_000);
        LongToDoubleFunction loss = curve(1, .01);
        Random random = new Random(4);
        for (long block = 0; block < 400; block++) {
            List<Long> steps = new ArrayList<>(
                    LongStream.range(10 * block, 10 * block + 10).boxed().toList());
            if (random.nextInt(3) == 0) {
                Collections.shuffle(steps, random);
            }
            steps.forEach(step -> fed.loss(step, loss.applyAsDouble(step)));
        }
        assertThat(attempts(fed)).isZero();
        assertThat(fed.count(Applied.LATE)).isLessThan(130);
        assertThat(fed.split().lastStep).isGreaterThan(3900);
    }

    // Gaps and spacing.

    @ParameterizedTest(name = "every {0} steps to {1}, then every {2}")
    @CsvSource({"100, 10000, 1", "1, 10000, 100", "50, 3000, 5", "1, 2000, 1"})
    void spacingChanges_levelAndNoiseDoNot(long before, long at, long after) {
        double sigma = .02;
        double noise = 0;
        double error = 0;
        int seeds = 4;
        for (int seed = 0; seed < seeds; seed++) {
            Fed fed = fed(40_000);
            feed(fed, before, at, before, curve(seed, sigma));
            feed(fed, at + after, 20_000, after, curve(seed, sigma));
            noise += fed.split().noise.sigma() / seeds;
            error += (finalLoss(fed).mean() - clean(39_600)) / seeds;
        }
        assertThat(noise).isCloseTo(sigma, within(.12 * sigma));
        assertThat(error).isCloseTo(0, within(.012));
    }

    @Test
    void gapOfMissingSteps_isNoDeviationAndMovesTheForecastLittle() {
        Fed fed = fed(20_000);
        feed(fed, 1, 4000, 1, curve(1, .01));
        feed(fed, 9000, 10_000, 1, curve(1, .01));
        Fed whole = fed(20_000);
        feed(whole, 1, 10_000, 1, curve(1, .01));
        assertThat(fed.out).noneMatch(emission -> emission.topic().equals("deviations"));
        assertThat(finalLoss(fed).mean()).isCloseTo(finalLoss(whole).mean(), within(.01));
        assertThat(fed.split().noise.sigma()).isCloseTo(.01, within(.0015));
    }

    // Batch size.

    private static RunManifest tokens(@Nullable Double plannedTokens, double tokensPerStep) {
        return new RunManifest(
                Fed.STUDY,
                Fed.RUN,
                1e8,
                null,
                plannedTokens,
                null,
                tokensPerStep,
                CONSTANT,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    @Test
    void laterManifestChangesTheBatch_tokensArePiecewiseAndThePlanIsDerivedAgain() {
        Fed fed = new Fed();
        fed.event(tokens(1e9, 1e5));
        assertThat(fed.run().plannedSteps()).isEqualTo(10_000);
        feed(fed, 1, 4000, 1, curve(1, .01));
        fed.event(tokens(1e9, 2e5));
        feed(fed, 4001, 5000, 1, curve(1, .01));
        assertThat(fed.run().plannedSteps()).isEqualTo(7000);
        assertThat(fed.split().tokens).isEqualTo(6e8);
        assertThat(fed.run().tokensAt(2000)).isEqualTo(2e8);
        CurveEstimate estimate = fed.estimate();
        assertThat(estimate.curve())
                .allSatisfy(bin -> assertThat(bin.tokens())
                        .isCloseTo(bin.step() < 4000 ? bin.step() * 1e5 : 4e8 + (bin.step() - 4000) * 2e5, within(1.)));
        assertThat(estimate.rest().get(estimate.rest().size() - 1).tokens()).isCloseTo(1e9, within(1.));
        feed(fed, 5001, 7000, 1, curve(1, .01));
        assertThat(fed.run().status).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void goingBackBehindAChangeOfBatch_changesItThere() {
        Fed fed = new Fed();
        fed.event(tokens(1e9, 1e5));
        feed(fed, 1, 4000, 1, curve(1, .01));
        fed.event(tokens(1e9, 2e5));
        feed(fed, 4001, 4500, 1, curve(1, .01));
        feed(fed, 3900, 4000, 1, curve(2, .01));
        assertThat(fed.run().attempt).isEqualTo(1);
        assertThat(fed.run().tokensAt(3800)).isEqualTo(3.8e8);
        assertThat(fed.run().tokensAt(4000)).isEqualTo(3.899e8 + 101 * 2e5);
        assertThat(fed.run().plannedSteps()).isEqualTo(3899 + 3051);
    }

    @ParameterizedTest(name = "manifest tells {0} tokens a step; tokens are rounded to {1}")
    @CsvSource({"100000, 1", "100000, 1000000", ", 1", ", 1000000"})
    void tokensColumnShowsAnotherBatch_tokensAndPlanFollow(@Nullable Double told, double rounded) {
        Fed fed = new Fed();
        fed.event(new RunManifest(
                Fed.STUDY, Fed.RUN, 1e8, null, 1e9, null, told, CONSTANT, null, null, null, null, null, null, Map.of(),
                List.of(), null, Map.of(), Map.of()));
        LongToDoubleFunction loss = curve(1, .01);
        for (long step = 1; step <= 5000; step++) {
            double tokens = step <= 3000 ? step * 1e5 : 3e8 + (step - 3000) * 2.5e5;
            fed.event(Fed.observation(
                    "train", step, Math.rint(tokens / rounded) * rounded, loss.applyAsDouble(step), null));
            if (step == 2900) {
                assertThat(fed.run().plannedSteps()).isBetween(9900L, 10_100L);
            }
        }
        // 3e8 in 3,000 steps, 7e8 in 2,800 more.
        assertThat(fed.run().plannedSteps()).isBetween(5720L, 5880L);
        assertThat(fed.run().tokensAt(1500)).isCloseTo(1.5e8, within(4e6));
        assertThat(fed.run().tokensAt(4500)).isCloseTo(6.75e8, within(1e7));
        assertThat(fed.estimate().tokensPerStep()).isCloseTo(2.5e5, within(7e3));
    }

    @Test
    void batchRamp_ofHundredSteps_isFollowedWithFewKnots() {
        Fed fed = new Fed();
        double tokens = 0;
        for (long step = 1; step <= 20_000; step++) {
            tokens += 1e5 * Math.min(32, 1 + step / 100.0);
            fed.event(Fed.observation("train", step, tokens, clean(step), null));
            if (step == 10_000) {
                // The sum of 1 + k/100 over 3,000 steps.
                assertThat(fed.run().tokensAt(3000) / (1e5 * (3000 + 45_015))).isBetween(.9, 1.1);
            }
        }
        assertThat(fed.run().tokensAt(20_000)).isCloseTo(tokens, within(1.));
        assertThat(fed.run().tokensPerStep()).isCloseTo(32e5, within(2e5));
        assertThat(fed.split().tokens).isEqualTo(tokens);
    }

    // Splits.

    @Test
    void twoSplits_areSeparateCurvesAndShareAttemptsAndTokens() {
        Fed fed = fed(10_000);
        LongToDoubleFunction loss = curve(1, .01);
        for (long step = 1; step <= 3000; step++) {
            fed.event(Fed.observation("train", step, step * 3e5, loss.applyAsDouble(step), null));
            if (step % 100 == 0) {
                fed.event(Fed.observation("val", step, null, clean(step) + .1, null));
            }
        }
        for (long step = 2001; step <= 4000; step++) {
            fed.event(Fed.observation("train", step, step * 3e5, loss.applyAsDouble(step) + 1e-4, null));
            if (step % 100 == 0) {
                fed.event(Fed.observation("val", step, null, clean(step) + .1001, null));
            }
        }
        assertThat(attempts(fed)).isEqualTo(1);
        assertThat(fed.split("val").attempt).isEqualTo(1);
        assertThat(fed.split("val").lastStep).isEqualTo(4000);
        assertThat(fed.split("val").tokens).isEqualTo(1.2e9);
        assertThat(fed.count(Applied.LATE)).isZero();
        double gap = Objects.requireNonNull(fed.estimate("val").finalLoss()).mean()
                - finalLoss(fed).mean();
        assertThat(gap).isCloseTo(.1, within(.02));
    }

    @Test
    void aNumberedAttemptThatValidationTellsFirst_losesNothingOfTraining() {
        Fed fed = fed(10_000);
        for (long step = 1; step <= 300; step++) {
            fed.loss(step, clean(step), 0);
        }
        fed.event(Fed.observation("val", 300, null, clean(300), 0));
        fed.event(Fed.observation("val", 250, null, clean(250), 1));
        for (long step = 200; step <= 320; step++) {
            assertThat(fed.loss(step, clean(step) + .001, 1))
                    .as("step %d", step)
                    .isEqualTo(Applied.APPLIED);
        }
        assertThat(fed.run().attempt).isEqualTo(1);
        assertThat(fed.run().attemptStart).isEqualTo(200);
    }

    @Test
    void aFileWithValidationFirst_finishesWhenTrainingDoes() {
        Fed fed = fed(2000);
        for (long step = 100; step <= 2000; step += 100) {
            fed.event(Fed.observation("val", step, null, clean(step), null));
        }
        assertThat(fed.run().status).isEqualTo(RunStatus.FINISHED);
        feed(fed, 1, 1000, 1, curve(1, .01));
        assertThat(fed.run().status).isEqualTo(RunStatus.RUNNING);
        assertThat(fed.estimate().finalLoss()).isNotNull();
        feed(fed, 1001, 2000, 1, curve(1, .01));
        assertThat(fed.run().status).isEqualTo(RunStatus.FINISHED);
        assertThat(fed.split().observedFinal).isCloseTo(clean(1980), within(.01));
        assertThat(fed.split("val").observedFinal).isCloseTo(clean(2000), within(.01));
    }

    // Units of steps.

    /** The anneal shapes that lag by 100 steps are not of any scale: a constant rate alone is forecast the same. */
    @ParameterizedTest(name = "steps times {0}")
    @CsvSource({"2040, .001", "50, .001", "1024, .00001"})
    void sequencesInPlaceOfSteps_giveTheSameForecast(long unit, double tolerance) {
        Fed steps = new Fed();
        steps.event(plan(10_000, Schedule.of(ScheduleKind.CONSTANT, 100L, 1e-3)));
        feed(steps, 1, 3000, 1, curve(1, .01));
        Fed sequences = new Fed();
        sequences.event(plan(10_000 * unit, Schedule.of(ScheduleKind.CONSTANT, 100L * unit, 1e-3)));
        feed(sequences, unit, 3000 * unit, unit, at -> curve(1, .01).applyAsDouble(at / unit));
        Forecast one = finalLoss(steps);
        Forecast other = finalLoss(sequences);
        assertThat(other.mean()).isCloseTo(one.mean(), within(tolerance));
        assertThat(other.upper95() - other.lower95())
                .isCloseTo(one.upper95() - one.lower95(), within(.05 * (one.upper95() - one.lower95()) + tolerance));
        assertThat(sequences.split().noise.sigma())
                .isEqualTo(steps.split().noise.sigma());
        feed(sequences, 2500 * unit, 3100 * unit, unit, at -> curve(2, .01).applyAsDouble(at / unit));
        assertThat(attempts(sequences)).isEqualTo(1);
        assertThat(sequences.count(Applied.LATE)).isZero();
    }

    // Runs that end elsewhere.

    @Test
    void finishedAtFourFifths_finalLossIsOfThereAndItIsSaid() {
        Fed fed = new Fed();
        fed.event(plan(10_000, Schedule.of(ScheduleKind.LINEAR, 100L, 1e-3)));
        feed(fed, 1, 8000, 1, curve(1, .01));
        fed.event(new RunEnd(Fed.STUDY, Fed.RUN, Outcome.FINISHED, null, null));
        CurveEstimate estimate = fed.estimate();
        assertThat(estimate.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(estimate.observedFinal()).isCloseTo(clean(7900), within(.003));
        assertThat(estimate.notes()).anyMatch(note -> note.startsWith("ended at step 8,000, 80 % of its plan"));
        ForecastScore score = fed.out.stream()
                .filter(emission -> emission.topic().equals(Topics.FORECAST_SCORES))
                .map(emission -> Fed.read(emission, ForecastScore.class))
                .findFirst()
                .orElseThrow();
        assertThat(score.finalLoss()).isEqualTo(estimate.observedFinal());
        List<ForecastScore.Entry> late =
                score.entries().stream().filter(entry -> entry.fraction() > .12).toList();
        assertThat(late).hasSizeGreaterThan(3).allSatisfy(entry -> {
            assertThat(entry.fraction()).isLessThan(.95);
            assertThat(entry.forecast().mean())
                    .isCloseTo(
                            planned80(entry.fraction()).mean(),
                            within(entry.forecast().scale() / 2));
        });
    }

    /** The forecast of the same losses under a plan of 8,000 steps at the rates that the run had. */
    private static Forecast planned80(double fraction) {
        List<Schedule.Point> rates = List.of(
                new Schedule.Point(0, 0), new Schedule.Point(100, 1e-3), new Schedule.Point(8000, 1e-3 * 2000 / 9900));
        Fed fed = new Fed();
        fed.event(plan(8000, new Schedule(ScheduleKind.POINTS, null, null, null, null, null, rates)));
        feed(fed, 1, Math.round(8000 * fraction), 1, curve(1, .01));
        return finalLoss(fed);
    }

    @Test
    void finishedAsPlanned_saysNothingOfItsEnd() {
        Fed fed = fed(1000);
        feed(fed, 0, 990, 10, curve(1, .01));
        fed.event(new RunEnd(Fed.STUDY, Fed.RUN, Outcome.FINISHED, null, null));
        assertThat(fed.estimate().notes()).noneMatch(note -> note.startsWith("ended"));
        assertThat(fed.estimate().observedFinal()).isCloseTo(clean(990), within(.02));
    }

    // What detectors flag.

    private static LossObservation flagged(
            long step, @Nullable Double loss, @Nullable Double gradNorm, @Nullable Long nanIterations) {
        return new LossObservation(
                Fed.STUDY, Fed.RUN, step, null, loss, "train", null, gradNorm, nanIterations, null, null);
    }

    /**
     * Steps 4600 to 4640 lie in a bin that is open. After a slow beginning, which the forecast shows, the run has to be calm
     * for some observations before they count again.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a jump, '3 3 3 3 3 3', 0",
        "a rise with a foot, '.1 .2 .29 2 4 4 1', 80",
        "a jump with a long tail, '4 3 2 1 .6 .5 .4 .3 .2 .15 .1 .08', 0",
        "one spike, '2', 0",
        "NaN, 'NaN NaN NaN', 0",
        "infinity, 'Infinity', 0",
        "a foot that is only just seen, '.06 .27 .5', 80",
    })
    void flaggedLosses_doNotEnterTheBins(String what, String excess, int calm) {
        Fed fed = fed(10_000);
        Fed without = fed(10_000);
        LongToDoubleFunction loss = curve(1, .01);
        String[] each = excess.split(" ", -1);
        for (long step = 1; step <= 4800; step++) {
            int at = (int) step - 4600;
            boolean odd = at >= 0 && at < each.length;
            double clean = loss.applyAsDouble(step);
            fed.loss(step, odd ? clean + Double.parseDouble(each[at]) : clean);
            if (!odd) {
                without.loss(step, clean);
            }
        }
        LogBins bins = fed.split().bins;
        LogBins expected = without.split().bins;
        int last = bins.size() - 1;
        assertThat(bins.count(last)).as(what).isBetween(expected.count(last) - calm, expected.count(last));
        assertThat(bins.mean(last)).as(what).isCloseTo(expected.mean(last), within(calm > 0 ? 5e-4 : 1e-9));
        assertThat(bins.m2(last) / bins.count(last))
                .as(what)
                .isCloseTo(expected.m2(last) / expected.count(last), within(calm > 0 ? 1e-5 : 1e-8));
        assertThat(fed.out).anyMatch(emission -> emission.topic().equals("deviations"));
    }

    @Test
    void hiddenNaN_doesNotEnterTheBins() {
        Fed fed = fed(10_000);
        LongToDoubleFunction loss = curve(1, .01);
        feed(fed, 1, 4600, 1, loss);
        List<CurvePoint> before = bins(fed);
        fed.event(flagged(4601, 0., Double.NaN, null));
        fed.event(flagged(4602, null, 1., null));
        fed.event(flagged(4603, 0., 1., 0L));
        fed.event(flagged(4604, 2.71, 1., 3L));
        assertThat(bins(fed)).isEqualTo(before);
        fed.event(flagged(4605, loss.applyAsDouble(4605), 1., 3L));
        assertThat(bins(fed)).isNotEqualTo(before);
        assertThat(fed.deviations(Detector.SPIKE)).isEmpty();
    }

    @Test
    void levelThatStaysUp_isBinnedAgainOnceAccepted() {
        Fed fed = fed(10_000);
        feed(fed, 1, 1000, 1, curve(1, .01));
        feed(fed, 1001, 1200, 1, step -> curve(1, .01).applyAsDouble(step) + 2);
        long counted = fed.split().bins.count(fed.split().bins.size() - 1);
        fed.event(StudyCommand.of(Fed.STUDY, StudyCommand.Action.ACCEPT_LEVEL, Fed.RUN));
        feed(fed, 1201, 1210, 1, step -> curve(1, .01).applyAsDouble(step) + 2);
        LogBins bins = fed.split().bins;
        long total = 0;
        for (int i = 0; i < bins.size(); i++) {
            total += bins.count(i);
        }
        assertThat(counted).isPositive();
        assertThat(total).isEqualTo(1010);
    }
}
