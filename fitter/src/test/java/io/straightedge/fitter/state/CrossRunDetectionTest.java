package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is found of a run beside a ladder that follows Chinchilla's law along its whole curves, at a constant learning rate:
 * there the final loss is known in closed form.
 */
class CrossRunDetectionTest {

    private static final ChinchillaLaw LAW = new ChinchillaLaw(1.69, 406.4, 410.7, .34, .28);
    private static final double[] SIZES = {5e7, 1e8, 2e8, 4e8, 8e8};
    private static final long STEPS = 2000;
    private static final int EVERY = 4;
    private static final double SIGMA = .02;
    private static final double NEW_SIZE = 3e8;
    private static final double NEW_TOKENS = 6e9;

    /** Without the published laws, which nothing here looks at. */
    private final Study study = Study.curvesOnly();

    private final StudyState state = new StudyState(Fed.STUDY);
    private final List<Emission> out = new ArrayList<>();
    private final Random random = new Random(5);

    CrossRunDetectionTest() {
        ladder(this::event);
    }

    private void event(TrainingEvent event) {
        study.apply(state, event, -1, out);
    }

    /** Sizes by tokens, each run a little off the law, as seeds are. */
    private void ladder(java.util.function.Consumer<TrainingEvent> to) {
        Random seeds = new Random(3);
        for (double params : SIZES) {
            for (double perParam : new double[] {10, 20, 40}) {
                double seed = .003 * seeds.nextGaussian();
                String run = String.format("%.0fM x %.0f", params / 1e6, perParam);
                run(run, params, perParam * params, fall(params, perParam * params, seed))
                        .forEach(to);
                to.accept(new RunEnd(Fed.STUDY, run, Outcome.FINISHED, null, null));
            }
        }
    }

    private static DoubleUnaryOperator fall(double params, double tokens, double off) {
        return step -> LAW.loss(params, tokens * step / STEPS) + off;
    }

    private List<TrainingEvent> run(String name, double params, double tokens, DoubleUnaryOperator loss) {
        List<TrainingEvent> events = new ArrayList<>();
        events.add(RunManifest.of(
                Fed.STUDY, name, params, STEPS, tokens / STEPS, Schedule.of(ScheduleKind.CONSTANT, 1L, 1e-3)));
        // The end comes as an event of its own.
        for (long step = EVERY; step < STEPS; step += EVERY) {
            double seen = loss.applyAsDouble((double) step) + SIGMA * random.nextGaussian();
            events.add(LossObservation.of(Fed.STUDY, name, step, seen));
        }
        return events;
    }

    private List<Deviation> found(DoubleUnaryOperator loss) {
        int before = out.size();
        run("new", NEW_SIZE, NEW_TOKENS, loss).forEach(this::event);
        event(new RunEnd(Fed.STUDY, "new", Outcome.FINISHED, null, null));
        return deviations(out.subList(before, out.size()));
    }

    private static List<Deviation> deviations(List<Emission> records) {
        return records.stream()
                .filter(record -> record.topic().equals(Topics.DEVIATIONS))
                .map(record -> Fed.read(record, Deviation.class))
                .toList();
    }

    private static List<Deviation> of(List<Deviation> all, Detector detector) {
        return all.stream().filter(found -> found.detector() == detector).toList();
    }

    @Test
    void finished_theLadderItself_findsNothing() {
        List<Deviation> all = deviations(out);
        assertThat(all).noneMatch(found -> found.detector() != Detector.LAW_JUMP);
        Siblings siblings = Siblings.of(state, new CurveUpdates(true), null, null);
        Siblings.Foretold foretold = Objects.requireNonNull(siblings.byLaw(NEW_SIZE, NEW_TOKENS, false));
        assertThat(foretold.mean()).isCloseTo(LAW.loss(NEW_SIZE, NEW_TOKENS), within(.006));
        assertThat(foretold.sd()).isBetween(.003, .02);
    }

    @Test
    void forecast_aRunOnTheLaw_findsNothing() {
        assertThat(found(fall(NEW_SIZE, NEW_TOKENS, 0))).noneMatch(found -> found.detector() != Detector.LAW_JUMP);
    }

    @Test
    void forecast_aRunAboveTheLaw_isFoundBeforeItsEndAndOverWithIt() {
        List<Deviation> off = of(found(fall(NEW_SIZE, NEW_TOKENS, .12)), Detector.OFF_LAW);
        assertThat(off).isNotEmpty();
        Deviation began = off.get(0);
        assertThat(began.phase()).isEqualTo(Phase.BEGAN);
        assertThat(began.run()).isEqualTo("new");
        assertThat(began.step()).isLessThan(STEPS * 3 / 4);
        assertThat(began.sizeNats()).isCloseTo(.12, within(.05));
        // The forecast that others inform lies between.
        Deviation.Outlook outlook = Objects.requireNonNull(began.outlook());
        assertThat(Objects.requireNonNull(outlook.finalBefore()))
                .isCloseTo(LAW.loss(NEW_SIZE, NEW_TOKENS), within(.05));
        assertThat(off.get(off.size() - 1).phase()).isEqualTo(Phase.ENDED);
        System.out.printf("+.12: found at %d of %d: %s%n", began.step(), STEPS, began.message());
    }

    @Test
    void finish_aRunSevenHundredthsAboveTheLaw_isFoundByItsEnd() {
        List<Deviation> off = of(found(fall(NEW_SIZE, NEW_TOKENS, .07)), Detector.OFF_LAW);
        assertThat(off).isNotEmpty();
        System.out.printf(
                "+.07: found at %d of %d: %s%n",
                off.get(0).step(), STEPS, off.get(0).message());
    }

    @Test
    void forecast_halfTheDataSeenTwice_isFoundAsTooHigh() {
        DoubleUnaryOperator slow = step -> LAW.loss(NEW_SIZE, NEW_TOKENS * step / STEPS / 2);
        List<Deviation> off = of(found(slow), Detector.OFF_LAW);
        assertThat(off).isNotEmpty();
        double lost = LAW.loss(NEW_SIZE, NEW_TOKENS / 2) - LAW.loss(NEW_SIZE, NEW_TOKENS);
        assertThat(off.get(0).sizeNats()).isCloseTo(lost, within(.12));
    }

    @Test
    void forecast_aRunBelowTheLaw_isFoundWithItsSign() {
        List<Deviation> off = of(found(fall(NEW_SIZE, NEW_TOKENS, -.1)), Detector.OFF_LAW);
        assertThat(off).isNotEmpty();
        assertThat(off.get(0).sizeNats()).isNegative();
    }

    @Test
    void closed_lossesInBits_areRecognisedEarlyAndKeptOutOfTheComparison() {
        DoubleUnaryOperator nats = fall(NEW_SIZE, NEW_TOKENS, 0);
        List<Deviation> all = found(step -> nats.applyAsDouble(step) / Math.log(2));
        List<Deviation> unit = of(all, Detector.UNIT_MISMATCH);
        assertThat(unit).isNotEmpty();
        assertThat(unit.get(0).step()).isLessThan(100);
        assertThat(unit.get(0).message()).contains("bits");
        assertThat(of(all, Detector.OFF_LAW)).isEmpty();
        assertThat(of(all, Detector.NEVER_LEARNS)).isEmpty();
    }

    @Test
    void manifest_anNThatCountsOtherwise_isToldUntilItIsMended() throws MessageException {
        event(new StudyDefinition(
                Fed.STUDY,
                ParameterCount.NON_EMBEDDING,
                null,
                null,
                null,
                null,
                List.of(),
                StudyClock.EVENT,
                null,
                Map.of()));
        int before = out.size();
        event(counting("total"));
        event(counting("total"));
        event(new RunEnd(Fed.STUDY, "other", Outcome.FINISHED, 3., null));
        StudyPoints points = new StudyPoints(state, new CurveUpdates(true));
        assertThat(points.used).doesNotContainKey("other");
        assertThat(points.diagnostics)
                .anySatisfy(words -> assertThat(words).contains("other", "counts something else"));
        event(counting("non-embedding"));
        event(new RunEnd(Fed.STUDY, "other", Outcome.FINISHED, 3., null));
        List<Deviation> all = of(deviations(out.subList(before, out.size())), Detector.UNIT_MISMATCH);
        assertThat(all).extracting(Deviation::phase).containsExactly(Phase.BEGAN, Phase.ENDED);
        assertThat(all.get(0).message()).contains("total", "non-embedding");
        assertThat(new StudyPoints(state, new CurveUpdates(true)).used).containsKey("other");
    }

    private static RunManifest counting(String what) throws MessageException {
        String json = String.format(
                "{\"type\": \"run\", \"study\": \"%s\", \"run\": \"other\", \"params\": 2e8, \"paramsCount\": \"%s\","
                        + " \"plannedSteps\": 2000, \"tokensPerStep\": 2e6}",
                Fed.STUDY, what);
        return Json.read(json.getBytes(StandardCharsets.UTF_8), RunManifest.class);
    }

    @Test
    void closed_aRunThatDoesNotLearn_isFoundBesideOthersWithoutAVocabulary() {
        List<Deviation> never = of(found(step -> 5.4 - 2e-5 * step), Detector.NEVER_LEARNS);
        assertThat(never).isNotEmpty();
        assertThat(never.get(0).message()).contains("all other runs");
    }

    @Test
    void closed_aCurveThatFallsLessThanOthers_leavesTheLadder() {
        double end = LAW.loss(NEW_SIZE, NEW_TOKENS);
        List<Deviation> all = found(step -> end * Math.pow(step / STEPS, -.02));
        assertThat(of(all, Detector.OFF_LADDER)).isNotEmpty();
        assertThat(of(all, Detector.OFF_LADDER).get(0).sizeNats()).isPositive();
    }

    @Test
    void command_excludeOrAccept_endsWhatWasFoundAndKeepsItQuiet() {
        List<TrainingEvent> events = run("new", NEW_SIZE, NEW_TOKENS, fall(NEW_SIZE, NEW_TOKENS, .3));
        List<TrainingEvent> half = events.subList(0, events.size() / 2);
        half.forEach(this::event);
        assertThat(crossRun().law.departs()).isTrue();
        event(StudyCommand.of(Fed.STUDY, StudyCommand.Action.EXCLUDE, "new"));
        assertThat(crossRun().law.departs()).isFalse();
        event(StudyCommand.of(Fed.STUDY, StudyCommand.Action.INCLUDE, "new"));
        event(StudyCommand.of(Fed.STUDY, StudyCommand.Action.ACCEPT_LEVEL, "new"));
        events.subList(events.size() / 2, events.size()).forEach(this::event);
        assertThat(crossRun().law.departs()).isFalse();
        assertThat(deviations(out).stream()
                        .filter(found -> found.detector() == Detector.OFF_LAW)
                        .map(Deviation::phase)
                        .distinct())
                .contains(Phase.BEGAN, Phase.ENDED);
    }

    private CrossRun crossRun() {
        return Objects.requireNonNull(state.run("new").split(LossObservation.TRAIN).crossRun);
    }

    @Test
    void restore_whileARunIsOffTheLaw_goesOnTheSame() throws MessageException {
        List<TrainingEvent> events = run("new", NEW_SIZE, NEW_TOKENS, fall(NEW_SIZE, NEW_TOKENS, .3));
        events.subList(0, events.size() / 2).forEach(this::event);
        assertThat(crossRun().law.departs()).isTrue();
        List<Emission> saved = new ArrayList<>();
        Changelog.save(state, saved);
        StudyState restored = new StudyState(Fed.STUDY);
        Map<String, byte[]> records = new TreeMap<>();
        saved.forEach(record -> records.put(record.key(), Objects.requireNonNull(record.value())));
        for (Map.Entry<String, byte[]> record : records.entrySet()) {
            Changelog.restore(restored, Changelog.parts(record.getKey()), record.getValue());
        }
        int before = out.size();
        List<Emission> again = new ArrayList<>();
        Study fresh = Study.curvesOnly();
        List<TrainingEvent> rest = new ArrayList<>(events.subList(events.size() / 2, events.size()));
        rest.add(new RunEnd(Fed.STUDY, "new", Outcome.FINISHED, null, null));
        rest.forEach(event -> {
            event(event);
            fresh.apply(restored, event, -1, again);
        });
        assertThat(deviations(again)).isNotEmpty().isEqualTo(deviations(out.subList(before, out.size())));
    }

    @Test
    void saveAndLoad_everything_comesBack() {
        UnaryOperator<@Nullable CrossRun> through = run -> CrossRun.load(
                java.nio.ByteBuffer.wrap(Objects.requireNonNull(run).save()));
        CrossRun found = new CrossRun();
        found.unitStep = 12;
        found.unit = io.straightedge.fitter.detect.UnitRule.Unit.BITS;
        found.unitAccepted = true;
        CrossRun loaded = Objects.requireNonNull(through.apply(found));
        assertThat(loaded.save()).isEqualTo(found.save());
        assertThat(loaded.unit).isEqualTo(found.unit);
    }
}
