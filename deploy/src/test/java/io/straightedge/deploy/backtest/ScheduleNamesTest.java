package io.straightedge.deploy.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleNamesTest {

    private static String name(DoubleUnaryOperator rate) {
        List<Schedule.Point> points = new ArrayList<>();
        for (long step = 0; step <= 1000; step += 5) {
            double warmUp = Math.min(1, step / 50.0);
            points.add(new Schedule.Point(
                    step, 1e-3 * warmUp * Math.max(0, rate.applyAsDouble(Math.max(0, step - 50) / 950.0))));
        }
        Schedule schedule = new Schedule(ScheduleKind.POINTS, null, null, null, null, null, points);
        return ScheduleNames.of(schedule, LrPlan.of(schedule, 1000));
    }

    private static DoubleUnaryOperator rate(String kind) {
        return switch (kind) {
            case "constant" -> x -> 1;
            case "cosine" -> x -> .1 + .45 * (1 + Math.cos(Math.PI * x));
            case "linear" -> x -> 1 - x;
            case "inverse-sqrt" -> x -> Math.sqrt(50 / (50 + 950 * x));
            case "wsd" -> x -> x < .7 ? 1 : 1 - (x - .7) / .3;
            case "multistep" -> x -> x < .8 ? 1 : x < .9 ? .3 : .1;
            default -> x -> x < .1 ? 1 : x < .5 ? .4 : .4 + .6 * x;
        };
    }

    @ParameterizedTest
    @CsvSource({"constant", "cosine", "linear", "inverse-sqrt", "wsd", "multistep", "points"})
    void of_points_isWhatTheyLookLike(String kind) {
        assertThat(name(rate(kind))).isEqualTo(kind);
    }
}
