package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.curve.PlanOrigin;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the learning rates seen and a changed plan do to a run's plan. */
class RunRatesTest {

    private static final double PEAK = 3e-4;
    private static final long T = 20_000;
    private static final Schedule COSINE =
            new Schedule(ScheduleKind.COSINE, 200L, PEAK, 0.1 * PEAK, null, null, List.of());

    private final Study study = new Study();
    private final StudyState state = new StudyState("s");
    private final List<Emission> out = new ArrayList<>();

    private static TrainingEvent loss(long step, @Nullable Double lr, @Nullable Integer attempt) {
        double loss = 2.5 + 6 / Math.sqrt(1 + step / 50.0) + 0.01 * Math.sin((double) step);
        return new LossObservation("s", "r", step, null, loss, "train", lr, null, null, null, attempt);
    }

    private static TrainingEvent manifest(long steps, @Nullable Schedule schedule) {
        return RunManifest.of("s", "r", 1e8, steps, 1e5, schedule);
    }

    private void apply(TrainingEvent event) {
        study.apply(state, event, -1, out);
    }

    /** Losses every 20 steps with the rates of {@code plan}; none when null. */
    private void run(long from, long to, @Nullable LrPlan plan) {
        for (long step = from; step <= to; step += 20) {
            apply(loss(step, plan == null ? null : PEAK * plan.rate((double) step), null));
        }
    }

    private LrPlan plan() {
        RunState run = state.run("r");
        return Objects.requireNonNull(run.plan());
    }

    private List<String> notes() throws Exception {
        return last().notes();
    }

    private Forecast finalLoss() throws Exception {
        return Objects.requireNonNull(last().finalLoss());
    }

    private CurveEstimate last() throws Exception {
        CurveEstimate last = null;
        for (Emission emission : out) {
            if (emission.topic().equals(Topics.CURVE_ESTIMATES)) {
                last = Json.read(Objects.requireNonNull(emission.value()), CurveEstimate.class);
            }
        }
        return Objects.requireNonNull(last);
    }

    @Test
    void apply_noScheduleButRates_infersAndSaysSo() throws Exception {
        LrPlan cosine = LrPlan.of(COSINE, T);
        apply(manifest(T, null));
        assertThat(notes())
                .contains("no learning-rate schedule was sent: several are supposed, and the interval is wide");
        run(20, 6000, cosine);
        assertThat(notes()).anyMatch(note -> note.contains("a cosine to 10 % of the peak by step 20,000 is assumed"));
        for (double step = 300; step <= T; step += 100) {
            assertThat(plan().rate(step)).isCloseTo(cosine.rate(step), within(0.01));
        }
    }

    @Test
    void apply_noRates_staysConstantAndSaysSo() throws Exception {
        apply(manifest(T, null));
        run(20, 6000, null);
        assertThat(plan().assumed()).isTrue();
        assertThat(notes())
                .contains("no learning-rate schedule was sent: several are supposed, and the interval is wide");
    }

    @Test
    void apply_inferredSchedule_widensTheForecastOfTheSentOne() throws Exception {
        LrPlan cosine = LrPlan.of(COSINE, T);
        apply(manifest(T, COSINE));
        run(20, 6000, cosine);
        Forecast sent = finalLoss();
        RunRatesTest other = new RunRatesTest();
        other.apply(manifest(T, null));
        other.run(20, 6000, cosine);
        Forecast inferred = other.finalLoss();
        assertThat(inferred.mean()).isCloseTo(sent.mean(), within(sent.scale()));
        assertThat(inferred.scale()).isGreaterThan(sent.scale());
    }

    @Test
    void apply_constantSoFar_spansACooldownAndNone() throws Exception {
        Schedule constant = Schedule.of(ScheduleKind.CONSTANT, 200L, PEAK);
        Schedule cooled = new Schedule(ScheduleKind.WSD, 200L, PEAK, 0.0, 16_000L, null, List.of());
        List<Forecast> ends = new ArrayList<>();
        for (Schedule schedule : List.of(constant, cooled)) {
            RunRatesTest sent = new RunRatesTest();
            sent.apply(manifest(T, schedule));
            sent.run(20, 8000, LrPlan.of(constant, T));
            ends.add(sent.finalLoss());
        }
        apply(manifest(T, null));
        run(20, 8000, LrPlan.of(constant, T));
        Forecast supposed = finalLoss();
        assertThat(supposed.lower80()).isLessThan(ends.get(1).mean());
        assertThat(supposed.upper80()).isGreaterThan(ends.get(0).mean());
        assertThat(notes()).anyMatch(note -> note.contains("may stay constant or be cooled down"));
    }

    @Test
    void apply_ratesThatFollowThePlan_changeNothing() throws Exception {
        apply(manifest(T, COSINE));
        run(20, 6000, LrPlan.of(COSINE, T));
        assertThat(plan().origin()).isEqualTo(PlanOrigin.SENT);
        assertThat(state.run("r").planned.isEmpty()).isTrue();
        assertThat(notes()).isEmpty();
    }

    @Test
    void apply_ratesThatContradictThePlan_areTakenAsSeen() throws Exception {
        LrPlan real = LrPlan.of(Schedule.of(ScheduleKind.CONSTANT, 200L, PEAK), T);
        apply(manifest(T, COSINE));
        run(20, 10_000, real);
        assertThat(plan().origin()).isEqualTo(PlanOrigin.MENDED);
        assertThat(notes()).anyMatch(note -> note.contains("are not those of the cosine schedule sent"));
        assertThat(plan().rate(9000)).isCloseTo(1, within(0.01));
        assertThat(plan().rate(T)).isLessThan(0.25);
    }

    @Test
    void manifest_endMovesWithoutRates_keepsThePastAsPlanned() throws Exception {
        LrPlan before = LrPlan.of(COSINE, T);
        apply(manifest(T, COSINE));
        run(20, 10_000, null);
        int bins = state.run("r").split("train").bins.size();
        apply(manifest(2 * T, COSINE));
        LrPlan after = LrPlan.of(COSINE, 2 * T);
        assertThat(state.run("r").split("train").bins.size()).isEqualTo(bins);
        for (double step = 100; step <= 10_000; step += 100) {
            assertThat(plan().rate(step)).isCloseTo(before.rate(step), within(0.005));
        }
        for (double step = 10_100; step <= 2 * T; step += 100) {
            assertThat(plan().rate(step)).isCloseTo(after.rate(step), within(0.005));
        }
        assertThat(notes()).anyMatch(note -> note.contains("the planned end moved at step 10,000"));
        run(10_020, 15_000, null);
        apply(manifest(T + T / 2, COSINE));
        assertThat(plan().rate(9000)).isCloseTo(before.rate(9000), within(0.005));
        assertThat(plan().rate(14_000)).isCloseTo(after.rate(14_000), within(0.005));
        assertThat(plan().rate(1.4 * T)).isCloseTo(LrPlan.of(COSINE, T + T / 2).rate(1.4 * T), within(0.005));
    }

    @Test
    void manifest_endMovesWithRates_keepsThePastAsSeen() {
        LrPlan before = LrPlan.of(COSINE, T);
        LrPlan after = LrPlan.of(COSINE, 2 * T);
        apply(manifest(T, COSINE));
        run(20, 10_000, before);
        apply(manifest(2 * T, COSINE));
        run(10_020, 16_000, after);
        for (double step = 100; step <= 10_000; step += 100) {
            assertThat(plan().rate(step)).isCloseTo(before.rate(step), within(0.01));
        }
        assertThat(plan().rate(30_000)).isCloseTo(after.rate(30_000), within(0.02));
    }

    @Test
    void manifest_newSchedule_describesThePastToo() {
        apply(manifest(T, COSINE));
        run(20, 10_000, null);
        apply(manifest(2 * T, COSINE));
        apply(manifest(2 * T, Schedule.of(ScheduleKind.CONSTANT, 200L, PEAK)));
        assertThat(plan().rate(9000)).isEqualTo(1);
        assertThat(plan().words()).isEmpty();
    }

    @Test
    void apply_runGoesBack_forgetsTheRatesAfter() {
        apply(manifest(T, null));
        run(20, 10_000, LrPlan.of(COSINE, T));
        LrPlan linear = LrPlan.of(Schedule.of(ScheduleKind.LINEAR, 200L, PEAK), T);
        for (long step = 4000; step <= 12_000; step += 20) {
            apply(loss(step, PEAK * linear.rate((double) step), 1));
        }
        assertThat(plan().rate(3000)).isCloseTo(LrPlan.of(COSINE, T).rate(3000), within(0.01));
        assertThat(plan().rate(8000)).isCloseTo(linear.rate(8000), within(0.01));
    }

    /** A fitter that is stopped at any time and reads its changelog goes on with the same bytes. */
    @ParameterizedTest
    @ValueSource(ints = {3, 60, 153, 154, 230, 290})
    void restore_anyTime_goesOnWithTheSameBytes(int stop) {
        LrPlan cosine = LrPlan.of(COSINE, T);
        LrPlan wsd = LrPlan.of(new Schedule(ScheduleKind.WSD, 200L, PEAK, 0.0, 8000L, null, List.of()), T);
        List<TrainingEvent> events = new ArrayList<>();
        events.add(manifest(T, null));
        events.add(RunManifest.of("s", "moves", 1e8, T, 1e5, COSINE));
        for (long step = 40; step <= 6000; step += 40) {
            events.add(loss(step, PEAK * (step < 3000 ? cosine : wsd).rate((double) step), null));
            events.add(LossObservation.of("s", "moves", step, 3 + 1.0 / step));
            if (step == 3000) {
                events.add(RunManifest.of("s", "moves", 1e8, 2 * T, 1e5, COSINE));
            }
        }
        PartitionStudies whole = new PartitionStudies();
        PartitionStudies first = new PartitionStudies();
        List<Emission> changelog = new ArrayList<>();
        for (int i = 0; i < stop; i++) {
            whole.apply(events.get(i), -1, new ArrayList<>());
            first.apply(events.get(i), -1, new ArrayList<>());
            if (i % 7 == 0 || i == stop - 1) {
                first.save(changelog);
            }
        }
        PartitionStudies second = new PartitionStudies();
        changelog.forEach(record -> second.restore(Objects.requireNonNull(record.key()), record.value()));
        second.restored();
        List<Emission> expected = new ArrayList<>();
        List<Emission> after = new ArrayList<>();
        for (TrainingEvent event : events.subList(stop, events.size())) {
            whole.apply(event, -1, expected);
            second.apply(event, -1, after);
        }
        assertThat(expected).isNotEmpty().hasSameSizeAs(after);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(after.get(i).key()).isEqualTo(expected.get(i).key());
            assertThat(after.get(i).value()).isEqualTo(expected.get(i).value());
        }
    }
}
