package io.straightedge.protocol.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learning-rate schedule as planned. Only the ratio to the peak matters for a forecast.
 *
 * @param warmupSteps steps of linear warm-up from zero; 0 when null
 * @param peak learning rate after warm-up; 1 when null, which {@code multistep} refuses since its points are absolute
 * @param finalLr learning rate at the planned end; 0 when null (the peak for {@code constant})
 * @param decayStartStep where the cooldown of {@code wsd} begins
 * @param decayShape the cooldown's shape; linear when null
 * @param points for {@code points}: (step, lr) in rising order of steps; for {@code multistep}: the steps at which
 *     the learning rate changes, and its new value
 */
public record Schedule(
        ScheduleKind kind,
        @Nullable Long warmupSteps,
        @Nullable Double peak,
        @Nullable Double finalLr,
        @Nullable Long decayStartStep,
        @Nullable DecayShape decayShape,
        List<Point> points) {

    /** Learning rate {@code lr} at {@code step}. */
    public record Point(long step, double lr) {
        public Point {
            Names.requireNotNegative(step, "schedule.points.step");
            if (!(lr >= 0 && lr < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("schedule.points.lr is " + lr + ": it must be finite and >= 0");
            }
        }
    }

    public Schedule {
        if (kind == null) {
            throw new IllegalArgumentException(
                    "schedule.kind is missing: constant, cosine, linear, wsd, multistep, inverse-sqrt or points");
        }
        Names.requirePositive(peak, "schedule.peak");
        if (warmupSteps != null) {
            Names.requireNotNegative(warmupSteps, "schedule.warmupSteps");
        }
        if (finalLr != null && !(finalLr >= 0 && finalLr < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("schedule.finalLr is " + finalLr + ": it must be finite and >= 0");
        }
        points = points == null ? List.of() : List.copyOf(points);
        boolean needsPoints = kind == ScheduleKind.POINTS || kind == ScheduleKind.MULTISTEP;
        if (needsPoints && points.isEmpty()) {
            throw new IllegalArgumentException("schedule.points is empty: kind " + kind + " needs at least one");
        }
        if (kind == ScheduleKind.MULTISTEP && peak == null) {
            throw new IllegalArgumentException(
                    "schedule.peak is missing: kind multistep needs the rate before its first change");
        }
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).step() <= points.get(i - 1).step()) {
                throw new IllegalArgumentException("schedule.points must have rising steps");
            }
        }
        if (kind == ScheduleKind.WSD && decayStartStep == null) {
            throw new IllegalArgumentException("schedule.decayStartStep is missing: kind wsd needs it");
        }
    }

    /** The highest learning rate it names; NaN when it names none. */
    public double highest() {
        double highest = peak == null ? Double.NaN : peak;
        for (Point point : points) {
            highest = Double.isNaN(highest) ? point.lr() : Math.max(highest, point.lr());
        }
        return highest;
    }

    /** A schedule of the given kind with every option left at its default. */
    public static Schedule of(ScheduleKind kind, @Nullable Long warmupSteps, @Nullable Double peak) {
        return new Schedule(kind, warmupSteps, peak, null, null, null, List.of());
    }
}
