package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a run that leaves its own: its own learning rate up to a step, another one from there on.
 *
 * <p>u(k) = own u(k) for k &lt;= from, other u(k) p_other / p_own beyond, p the peaks, where both are known. Tabulated
 * at about 1,200 steps, every one of a short run and more densely at the beginning, at the end and where either
 * schedule bends, then compiled as a schedule of points. Costs as much as compiling two plans.
 */
public final class Detour {

    private static final int EVENLY = 300;
    private static final int GEOMETRIC = 100;

    private Detour() {}

    /**
     * The run's own schedule to {@code from}, then {@code next} as if it had been followed from the beginning.
     *
     * @param own the plan so far
     * @param schedule what {@code own} was made from, with the rates {@code seen}; null when none was sent
     * @param next null for the own schedule stretched or shortened to the new end
     * @param end steps of the new plan, beyond {@code from}
     */
    public static LrPlan to(
            LrPlan own, @Nullable Schedule schedule, LrSeen seen, long from, @Nullable Schedule next, long end) {
        LrPlan otherPlan = next == null ? LrPlan.of(schedule, end, seen) : LrPlan.of(next, end);
        double ownPeak = seen.isEmpty() || !seen.logged() ? peak(schedule) : seen.peak();
        double otherPeak = next == null ? Double.NaN : peak(next);
        double scale = otherPeak / ownPeak > 0 ? otherPeak / ownPeak : 1;
        Set<Long> steps = new TreeSet<>();
        bends(schedule, steps);
        bends(next, steps);
        return compiled(own, from, step -> scale * otherPlan.rate(step), end, steps);
    }

    /** The run's own schedule, cut short at {@code end}. */
    public static LrPlan cut(LrPlan own, @Nullable Schedule schedule, long end) {
        Set<Long> steps = new TreeSet<>();
        bends(schedule, steps);
        return compiled(own, end, own::rate, end, steps);
    }

    /** The run's own schedule to {@code from}, then in a line to zero at {@code end}. */
    public static LrPlan cooldown(LrPlan own, @Nullable Schedule schedule, long from, long end) {
        double rate = own.rate((double) from);
        Set<Long> steps = new TreeSet<>();
        bends(schedule, steps);
        return compiled(own, from, step -> rate * (end - step) / (end - from), end, steps);
    }

    private static LrPlan compiled(LrPlan own, long from, DoubleUnaryOperator next, long end, Set<Long> steps) {
        spread(0, from, steps);
        spread(from, end, steps);
        List<Schedule.Point> points = new ArrayList<>();
        for (long step : steps) {
            if (step >= 0 && step <= end) {
                double rate = step <= from ? own.rate((double) step) : next.applyAsDouble((double) step);
                points.add(new Schedule.Point(step, Math.max(0, rate)));
            }
        }
        return LrPlan.of(new Schedule(ScheduleKind.POINTS, null, null, null, null, null, points), end);
    }

    /** Both ends of a stretch, and steps between. */
    private static void spread(long begin, long end, Set<Long> steps) {
        double length = (double) end - begin;
        for (int i = 0; i <= EVENLY; i++) {
            steps.add(begin + Math.round(length * i / EVENLY));
        }
        for (int i = 0; i <= GEOMETRIC && length > 1; i++) {
            long distance = Math.round(Math.pow(length, i / (double) GEOMETRIC));
            steps.add(begin + distance);
            steps.add(end - distance);
        }
        steps.add(begin + 1);
    }

    private static void bends(@Nullable Schedule schedule, Set<Long> steps) {
        if (schedule == null) {
            return;
        }
        if (schedule.warmupSteps() != null) {
            steps.add(schedule.warmupSteps());
        }
        if (schedule.decayStartStep() != null) {
            steps.add(schedule.decayStartStep());
        }
        for (Schedule.Point point : schedule.points()) {
            steps.add(point.step() - 1);
            steps.add(point.step());
        }
    }

    private static double peak(@Nullable Schedule schedule) {
        return schedule == null ? Double.NaN : schedule.highest();
    }
}
