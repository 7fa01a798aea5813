package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LrTraceTest {

    private static final long T = 50_000;

    private static Schedule schedule(ScheduleKind kind) {
        List<Schedule.Point> points = kind == ScheduleKind.MULTISTEP
                ? List.of(new Schedule.Point(20_000, 1e-3), new Schedule.Point(35_000, 1e-4))
                : List.of(new Schedule.Point(0, 0), new Schedule.Point(9000, 3e-3), new Schedule.Point(T, 1e-4));
        return new Schedule(
                kind, 1000L, 3e-3, 3e-4, 40_000L, DecayShape.ONE_MINUS_SQRT, points, null, null, 2.0, 3, null);
    }

    private static LrTrace trace(Schedule schedule, long every, long until) {
        LearningRate rate = new LearningRate(schedule, T);
        LrTrace trace = new LrTrace();
        for (long k = every; k <= until; k += every) {
            trace.add(k, 3e-3 * rate.at((double) k));
        }
        return trace;
    }

    @ParameterizedTest
    @EnumSource(ScheduleKind.class)
    void add_anySchedule_fewPointsStayNear(ScheduleKind kind) {
        LearningRate rate = new LearningRate(schedule(kind), T);
        LrSeen seen = trace(schedule(kind), 10, T).seen();
        assertThat(seen.size()).isLessThanOrEqualTo(LrTrace.MOST);
        double worst = 0;
        for (int k = 10; k <= T; k += 10) {
            worst = Math.max(worst, Math.abs(seen.at(k) / 3e-3 - rate.at((double) k)));
        }
        System.out.printf("%s: %d points, worst %.5f%n", kind, seen.size(), worst);
        assertThat(worst).isLessThan(kind == ScheduleKind.COSINE_WITH_RESTARTS ? 0.03 : 0.005);
    }

    @Test
    void add_uselessRate_isRefused() {
        LrTrace trace = new LrTrace();
        assertThat(trace.add(5, 1e-3)).isTrue();
        assertThat(trace.add(5, 2e-3)).isFalse();
        assertThat(trace.add(4, 2e-3)).isFalse();
        assertThat(trace.add(6, Double.NaN)).isFalse();
        assertThat(trace.add(6, -1)).isFalse();
        assertThat(trace.add(6, Double.POSITIVE_INFINITY)).isFalse();
        assertThat(trace.seen().size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"30000", "700", "45005", "5", "50000", "60000"})
    void rewind_anywhere_keepsWhatCameBefore(long from) {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.COSINE), T);
        LrTrace trace = trace(schedule(ScheduleKind.COSINE), 10, T);
        trace.rewind(from);
        LrSeen seen = trace.seen();
        assertThat(seen.end()).isLessThan((double) from);
        for (int k = 10; k <= seen.end(); k += 10) {
            assertThat(seen.at(k) / 3e-3).isCloseTo(rate.at(k), within(0.005));
        }
        assertThat(trace.add(from, 1e-3)).isEqualTo(from <= T || from == 60_000);
    }

    @Test
    void load_whatWasSaved_goesOnAlike() {
        Schedule schedule = schedule(ScheduleKind.COSINE);
        LearningRate rate = new LearningRate(schedule, T);
        LrTrace trace = trace(schedule, 10, 23_450);
        LrTrace restored = new LrTrace();
        restored.load(ByteBuffer.wrap(trace.save()));
        for (long k = 23_460; k <= T; k += 10) {
            trace.add(k, 3e-3 * rate.at((double) k));
            restored.add(k, 3e-3 * rate.at((double) k));
        }
        assertThat(restored.save()).isEqualTo(trace.save());
        assertThat(trace.save().length).isLessThan(450);
        assertThat(LrSeen.load(ByteBuffer.wrap(trace.seen().save())).save())
                .isEqualTo(trace.seen().save());
    }

    @Test
    void add_afterRatiosOfAnEarlierPlan_scalesThem() {
        LrPlan plan = LrPlan.of(Schedule.of(ScheduleKind.COSINE, 1000L, null), T);
        LrTrace trace = new LrTrace();
        trace.assume(plan, 25_000, 1);
        assertThat(trace.logged()).isFalse();
        assertThat(trace.seen().at(12_000)).isCloseTo(plan.rate(12_000), within(0.005));
        trace.add(25_010, 3e-3 * plan.rate(25_010));
        assertThat(trace.logged()).isTrue();
        assertThat(trace.seen().at(12_000) / 3e-3).isCloseTo(plan.rate(12_000), within(0.005));
    }
}
