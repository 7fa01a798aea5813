package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LrPlanTest {

    private static final long T = 20_000;

    private static Schedule schedule(
            ScheduleKind kind, @Nullable Double last, @Nullable Long decay, @Nullable DecayShape shape) {
        return new Schedule(kind, 1000L, 2e-3, last, decay, shape, List.of());
    }

    static Stream<Schedule> schedules() {
        return Stream.of(
                schedule(ScheduleKind.CONSTANT, null, null, null),
                schedule(ScheduleKind.COSINE, 2e-4, null, null),
                schedule(ScheduleKind.COSINE, null, null, null),
                schedule(ScheduleKind.LINEAR, null, null, null),
                schedule(ScheduleKind.INVERSE_SQRT, null, null, null),
                schedule(ScheduleKind.WSD, null, 16_000L, DecayShape.LINEAR),
                schedule(ScheduleKind.WSD, null, 16_000L, DecayShape.COSINE),
                schedule(ScheduleKind.WSD, 2e-5, 16_000L, DecayShape.ONE_MINUS_SQRT),
                schedule(ScheduleKind.WSD, null, 16_000L, DecayShape.EXPONENTIAL),
                new Schedule(
                        ScheduleKind.MULTISTEP,
                        1000L,
                        2e-3,
                        null,
                        null,
                        null,
                        List.of(new Schedule.Point(9000, 1e-3), new Schedule.Point(15_000, 1e-4))));
    }

    /** The sums written out step by step. */
    @ParameterizedTest
    @MethodSource("schedules")
    void of_anySchedule_integralsAgreeWithTheSumOverEveryStep(Schedule schedule) {
        LrPlan plan = LrPlan.of(schedule, T);
        LearningRate rate = new LearningRate(schedule, T);
        assertThat(plan.peakStep()).isBetween(999.0, 1001.0);
        int peak = (int) plan.peakStep();
        double progress = 0;
        double[] exponent = {.5, .35, .2, .7};
        double[] memory = {30, 300, 400, 300};
        double[] m = new double[4];
        Arrays.fill(m, 1);
        for (int k = 1; k <= T; k++) {
            progress += 0.5 * (rate.at(k - 1) + rate.at(k));
            if (k > peak) {
                double h = 0.5 * (rate.at(k - 1) + rate.at(k));
                for (int q = 0; q < 4; q++) {
                    m[q] += (Math.pow(rate.at(k - 0.5), exponent[q]) - m[q]) * -Math.expm1(-h / memory[q]);
                }
            }
            if (k % 997 == 0 || k == T) {
                assertThat(plan.progress(k)).isCloseTo(progress, within(1e-3 * progress));
                for (int q = 0; q < 4; q++) {
                    assertThat(plan.anneal(q, k)).as("shape %d at %d", q, k).isCloseTo(1 - m[q], within(0.01));
                }
            }
        }
    }

    @Test
    void anneal_powerLawShape_agreesWithTheSumOverEveryStep() {
        Schedule schedule = schedule(ScheduleKind.WSD, 2e-4, 16_000L, DecayShape.LINEAR);
        LrPlan plan = LrPlan.of(schedule, T);
        LearningRate rate = new LearningRate(schedule, T);
        for (int k : new int[] {16_500, 18_000, 20_000}) {
            double sum = 0;
            for (int j = 16_001; j <= k; j++) {
                double since = plan.progress(k) - plan.progress(j);
                sum += (rate.at(j - 1) - rate.at(j))
                        * (1 - Math.pow(1 + 0.12 * Math.pow(rate.at(j), -0.65) * since, -0.6));
            }
            assertThat(plan.anneal(5, k)).as("step %d", k).isCloseTo(sum, within(0.02));
        }
    }

    @Test
    void of_noSchedule_isConstantAndSaysSo() {
        LrPlan plan = LrPlan.of(null, 10_000_000);
        assertThat(plan.assumed()).isTrue();
        assertThat(plan.peakStep()).isZero();
        assertThat(plan.progress(5_000_000)).isCloseTo(5e6, within(1e-3));
        assertThat(plan.anneal(3, 10_000_000)).isZero();
        assertThat(plan.rate(77)).isEqualTo(1);
    }

    @Test
    void of_oneStep_isDefined() {
        LrPlan plan = LrPlan.of(Schedule.of(ScheduleKind.COSINE, 0L, 1.0), 1);
        assertThat(plan.progress(1)).isEqualTo(0.5);
        assertThat(plan.progress(5)).isEqualTo(0.5);
    }

    @Test
    void of_multistep_jumpsAtItsStep() {
        Schedule drop = new Schedule(
                ScheduleKind.MULTISTEP, 0L, 1.0, null, null, null, List.of(new Schedule.Point(5_000_000, 0.1)));
        LrPlan plan = LrPlan.of(drop, 10_000_000);
        assertThat(plan.rate(4_999_998)).isEqualTo(1);
        assertThat(plan.rate(5_000_000)).isCloseTo(0.1, within(1e-12));
        assertThat(plan.progress(10_000_000)).isCloseTo(5.5e6, within(2.0));
    }
}
