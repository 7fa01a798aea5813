package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Closed forms written out as the frameworks have them, T = 1000, warm-up 100, peak 2, final .2. */
class LearningRateTest {

    private static final long T = 1000;
    private static final double F = 0.1;

    private static Schedule of(
            ScheduleKind kind,
            @Nullable Long decayStart,
            @Nullable DecayShape shape,
            @Nullable Long decayEnd,
            @Nullable Double power,
            @Nullable Integer cycles,
            @Nullable Double growth) {
        return new Schedule(kind, 100L, 2.0, 0.2, decayStart, shape, List.of(), null, decayEnd, power, cycles, growth);
    }

    private static Schedule of(ScheduleKind kind) {
        return of(kind, null, null, null, null, null, null);
    }

    private static Schedule wsd(DecayShape shape, @Nullable Double power) {
        return of(ScheduleKind.WSD, 800L, shape, null, power, null, null);
    }

    private static Arguments row(String name, Schedule schedule, DoubleUnaryOperator afterWarmup) {
        return Arguments.of(name, schedule, afterWarmup);
    }

    static Stream<Arguments> schedules() {
        return Stream.of(
                row("constant", of(ScheduleKind.CONSTANT), k -> 1),
                row(
                        "cosine",
                        of(ScheduleKind.COSINE),
                        k -> F + (1 - F) * half(1 + Math.cos(Math.PI * (k - 100) / 900))),
                row("linear", of(ScheduleKind.LINEAR), k -> F + (1 - F) * (T - k) / 900),
                row(
                        "a cosine that ends before the run",
                        of(ScheduleKind.COSINE, null, null, 600L, null, null, null),
                        k -> k >= 600 ? F : F + (1 - F) * half(1 + Math.cos(Math.PI * (k - 100) / 500))),
                row(
                        "a cosine that would end after the run",
                        of(ScheduleKind.COSINE, null, null, 1900L, null, null, null),
                        k -> F + (1 - F) * half(1 + Math.cos(Math.PI * (k - 100) / 1800))),
                row("inverse square root", of(ScheduleKind.INVERSE_SQRT), k -> Math.max(F, Math.sqrt(100 / k))),
                row(
                        "polynomial",
                        of(ScheduleKind.POLYNOMIAL, null, null, null, 2.0, null, null),
                        k -> F + (1 - F) * Math.pow((T - k) / 900, 2)),
                row("polynomial of power 1", of(ScheduleKind.POLYNOMIAL), k -> F + (1 - F) * (T - k) / 900),
                row("exponential", of(ScheduleKind.EXPONENTIAL), k -> Math.pow(F, (k - 100) / 900)),
                row("wsd, linear", wsd(DecayShape.LINEAR, null), k -> k < 800 ? 1 : F + (1 - F) * (T - k) / 200),
                row(
                        "wsd, cosine",
                        wsd(DecayShape.COSINE, null),
                        k -> k < 800 ? 1 : F + (1 - F) * half(1 + Math.cos(Math.PI * (k - 800) / 200))),
                row(
                        "wsd, minus_sqrt",
                        wsd(DecayShape.ONE_MINUS_SQRT, null),
                        k -> k < 800 ? 1 : F + (1 - F) * (1 - Math.sqrt((k - 800) / 200))),
                row(
                        "wsd, exponential",
                        wsd(DecayShape.EXPONENTIAL, null),
                        k -> k < 800 ? 1 : Math.exp(Math.log(F) * (k - 800) / 200)),
                row(
                        "wsd, Megatron's exponential",
                        wsd(DecayShape.MEGATRON_EXPONENTIAL, null),
                        k -> k < 800 ? 1 : F + (1 - F) * (2 * Math.pow(0.5, (k - 800) / 200) - 1)),
                row(
                        "wsd, power 3",
                        wsd(DecayShape.POLYNOMIAL, 3.0),
                        k -> k < 800 ? 1 : F + (1 - F) * Math.pow((T - k) / 200, 3)),
                row(
                        "three cosines",
                        of(ScheduleKind.COSINE_WITH_RESTARTS, null, null, null, null, 3, null),
                        k -> k >= T ? F : F + (1 - F) * half(1 + Math.cos(Math.PI * (((k - 100) % 300) / 300)))),
                row(
                        "cosines of 300 and 600",
                        of(ScheduleKind.COSINE_WITH_RESTARTS, null, null, null, null, 2, 2.0),
                        k -> F + (1 - F) * half(1 + Math.cos(Math.PI * (k < 400 ? (k - 100) / 300 : (k - 400) / 600)))),
                row("unknown", of(ScheduleKind.UNKNOWN), k -> 1));
    }

    private static double half(double x) {
        return 0.5 * x;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void at_everyStep_isTheClosedForm(String name, Schedule schedule, DoubleUnaryOperator afterWarmup) {
        LearningRate rate = new LearningRate(schedule, T);
        for (int k = 0; k <= T; k++) {
            double expected = k < 100 ? k / 100.0 : afterWarmup.applyAsDouble(k);
            assertThat(rate.at(k)).as("step %d", k).isCloseTo(expected, within(1e-12));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedules")
    void plan_longRun_tabulatesIt(String name, Schedule schedule, DoubleUnaryOperator afterWarmup) {
        LearningRate rate = new LearningRate(schedule, 200_000);
        LrPlan plan = LrPlan.of(schedule, 200_000);
        for (int k = 0; k <= 200_000; k += 37) {
            assertThat(plan.rate(k)).as("step %d", k).isCloseTo(rate.at(k), within(0.02));
        }
        assertThat(plan.origin())
                .isEqualTo(schedule.kind() == ScheduleKind.UNKNOWN ? PlanOrigin.ASSUMED : PlanOrigin.SENT);
    }

    @Test
    void at_warmupFromAboveZero_startsThere() {
        Schedule schedule = new Schedule(
                ScheduleKind.CONSTANT, 100L, 2.0, null, null, null, List.of(), 0.5, null, null, null, null);
        LearningRate rate = new LearningRate(schedule, T);
        assertThat(rate.at(0)).isEqualTo(0.25);
        assertThat(rate.at(50)).isCloseTo(0.625, within(1e-12));
    }

    @Test
    void at_manyGrowingCycles_restartsWhereTheyAddUp() {
        Schedule schedule = new Schedule(
                ScheduleKind.COSINE_WITH_RESTARTS, 0L, 1.0, 0.0, null, null, List.of(), null, null, null, 4, 2.0);
        LearningRate rate = new LearningRate(schedule, 1500);
        for (int start : new int[] {100, 300, 700}) {
            assertThat(rate.at(start)).isCloseTo(1, within(1e-9));
            assertThat(rate.at(start - 1)).isLessThan(0.01);
        }
        assertThat(rate.at(1500)).isZero();
    }
}
