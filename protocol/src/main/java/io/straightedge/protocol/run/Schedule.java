package io.straightedge.protocol.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learning-rate schedule as planned. Only the ratio to the peak matters for a forecast.
 *
 * @param warmupSteps steps of linear warm-up; 0 when null
 * @param peak learning rate after warm-up; 1 when null, which {@code multistep} refuses since its points are absolute
 * @param finalLr learning rate at the end of the decay; 0 when null (the peak for {@code constant})
 * @param decayStartStep where the cooldown of {@code wsd} begins
 * @param decayShape the cooldown's shape; linear when null
 * @param points for {@code points}: (step, lr) in rising order of steps; for {@code multistep}: the steps at which
 *     the learning rate changes, and its new value
 * @param warmupStartLr learning rate at step 0; 0 when null
 * @param decayEndStep where the decay ends, and the final rate begins to be held; the planned end when null
 * @param power of {@code polynomial}, as a kind or as a cooldown's shape; 1 when null
 * @param cycles half cosines of {@code cosine-with-restarts} up to the end of the decay; 1 when null
 * @param cycleGrowth length of each of them over that of the one before; 1 when null
 */
public record Schedule(
        ScheduleKind kind,
        @Nullable Long warmupSteps,
        @Nullable Double peak,
        @Nullable Double finalLr,
        @Nullable Long decayStartStep,
        @Nullable DecayShape decayShape,
        List<Point> points,
        @Nullable Double warmupStartLr,
        @Nullable Long decayEndStep,
        @Nullable Double power,
        @Nullable Integer cycles,
        @Nullable Double cycleGrowth) {

    private static final int MOST_CYCLES = 1000;

    private static final double MOST_GROWTH = 100;

    /** Last cycle over the first: beyond this the first would be shorter than a step of any run. */
    private static final double MOST_GROWN = 1e12;

    /** Learning rate {@code lr} at {@code step}. */
    public record Point(long step, double lr) {
        public Point {
            Names.requireNotNegative(step, "schedule.points.step");
            requireRate(lr, "schedule.points.lr");
        }
    }

    public Schedule {
        if (kind == null) {
            throw new IllegalArgumentException("schedule.kind is missing: " + ScheduleKind.accepted());
        }
        Names.requirePositive(peak, "schedule.peak");
        Names.requirePositive(power, "schedule.power");
        if (warmupSteps != null) {
            Names.requireNotNegative(warmupSteps, "schedule.warmupSteps");
        }
        requireRate(finalLr, "schedule.finalLr");
        requireRate(warmupStartLr, "schedule.warmupStartLr");
        if (cycles != null && (cycles < 1 || cycles > MOST_CYCLES)) {
            throw new IllegalArgumentException("schedule.cycles is " + cycles + ": it must be 1 to " + MOST_CYCLES);
        }
        if (cycleGrowth != null && !(cycleGrowth >= 1 && cycleGrowth <= MOST_GROWTH)) {
            throw new IllegalArgumentException("schedule.cycleGrowth is " + cycleGrowth + ": it must be 1 to 100");
        }
        if (cycles != null && cycleGrowth != null && Math.pow(cycleGrowth, cycles) > MOST_GROWN) {
            throw new IllegalArgumentException(
                    "schedule.cycleGrowth is " + cycleGrowth + ": too much for " + cycles + " cycles");
        }
        if (decayEndStep != null) {
            long from = decayStartStep != null ? decayStartStep : warmupSteps != null ? warmupSteps : 0;
            if (decayEndStep < from) {
                throw new IllegalArgumentException(
                        "schedule.decayEndStep is " + decayEndStep + ": the decay begins at step " + from);
            }
        }
        points = points == null ? List.of() : List.copyOf(points);
        requirePoints(kind, peak, points);
        if (kind == ScheduleKind.WSD && decayStartStep == null) {
            throw new IllegalArgumentException("schedule.decayStartStep is missing: kind wsd needs it");
        }
    }

    /** A schedule without the rarer options. */
    public Schedule(
            ScheduleKind kind,
            @Nullable Long warmupSteps,
            @Nullable Double peak,
            @Nullable Double finalLr,
            @Nullable Long decayStartStep,
            @Nullable DecayShape decayShape,
            List<Point> points) {
        this(kind, warmupSteps, peak, finalLr, decayStartStep, decayShape, points, null, null, null, null, null);
    }

    /** A schedule of the given kind with every option left at its default. */
    public static Schedule of(ScheduleKind kind, @Nullable Long warmupSteps, @Nullable Double peak) {
        return new Schedule(kind, warmupSteps, peak, null, null, null, List.of());
    }

    /** Whether the same schedule gives other learning rates on the way when the run is planned to end elsewhere. */
    public boolean followsTheEnd() {
        return decayEndStep == null
                && switch (kind) {
                    case COSINE, LINEAR, WSD, POLYNOMIAL, EXPONENTIAL, COSINE_WITH_RESTARTS -> true;
                    case CONSTANT, MULTISTEP, INVERSE_SQRT, POINTS, UNKNOWN -> false;
                };
    }

    private static void requirePoints(ScheduleKind kind, @Nullable Double peak, List<Point> points) {
        boolean needsPoints = kind == ScheduleKind.POINTS || kind == ScheduleKind.MULTISTEP;
        if (needsPoints && points.isEmpty()) {
            throw new IllegalArgumentException(
                    "schedule.points is empty: kind " + kind.named() + " needs at least one");
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
    }

    /** The highest learning rate it names; NaN when it names none. */
    public double highest() {
        double highest = peak == null ? Double.NaN : peak;
        for (Point point : points) {
            highest = Double.isNaN(highest) ? point.lr() : Math.max(highest, point.lr());
        }
        return highest;
    }

    private static void requireRate(@Nullable Double lr, String field) {
        if (lr != null && !(lr >= 0 && lr < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(field + " is " + lr + ": it must be finite and >= 0");
        }
    }
}
