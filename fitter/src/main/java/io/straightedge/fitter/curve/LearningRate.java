package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * u(k) = lr(k) / peak in [0, 1] of a planned schedule of T steps.
 *
 * <p>With w warm-up steps, f = final / peak and x the fraction of the decay that has passed: warm-up k/w; cosine
 * f + (1-f)(1 + cos pi x)/2; linear 1 - (1-f) x; inverse-sqrt sqrt(w/k), not below f; WSD 1 until its decay start, then
 * linear, cosine, 1 - (1-f) sqrt(x), or f^x. An exponential cooldown cannot reach zero: f is taken as 1/1000 at least.
 * Points are linear in between, over the largest of them,
 * held after the last; before the first there is a linear warm-up. O(1), points O(log n).
 */
final class LearningRate {

    private static final double LEAST_EXPONENTIAL_RATIO = 1e-3;

    private final @Nullable Schedule schedule;
    private final double plannedSteps;
    private final double warmup;
    private final double finalRatio;
    private final double[] pointStep;
    private final double[] pointRatio;

    LearningRate(@Nullable Schedule schedule, long plannedSteps) {
        this.schedule = schedule;
        this.plannedSteps = plannedSteps;
        this.warmup = schedule == null || schedule.warmupSteps() == null ? 0 : schedule.warmupSteps();
        List<Schedule.Point> points = schedule == null ? List.of() : schedule.points();
        double peak = schedule == null || schedule.peak() == null ? 1 : schedule.peak();
        if (schedule != null && schedule.kind() == ScheduleKind.POINTS) {
            peak = points.stream().mapToDouble(Schedule.Point::lr).max().orElse(1);
        } else if (schedule != null && schedule.kind() == ScheduleKind.MULTISTEP && schedule.peak() == null) {
            peak = Math.max(
                    1, points.stream().mapToDouble(Schedule.Point::lr).max().orElse(1));
        }
        double scale = peak > 0 ? peak : 1;
        this.pointStep = points.stream().mapToDouble(Schedule.Point::step).toArray();
        this.pointRatio = points.stream().mapToDouble(p -> p.lr() / scale).toArray();
        Double last = schedule == null ? null : schedule.finalLr();
        this.finalRatio = last == null ? 0 : clamp(last / scale);
    }

    /** u at {@code step}. */
    double at(double step) {
        if (schedule == null) {
            return 1;
        }
        double ramp = step < warmup ? Math.max(0, step) / warmup : 1;
        return clamp(
                switch (schedule.kind()) {
                    case POINTS -> step < pointStep[0] ? beforePoints(step) : interpolated(step);
                    case MULTISTEP -> ramp * stepped(step);
                    default -> step < warmup ? ramp : decayed(schedule, Math.min(step, plannedSteps));
                });
    }

    /** Steps at which u bends or jumps, for {@code add}. */
    double[] breaks() {
        double decayStart = schedule == null || schedule.decayStartStep() == null
                ? warmup
                : Math.max(warmup, schedule.decayStartStep());
        double[] breaks = new double[4 + 2 * pointStep.length];
        breaks[0] = Math.ceil(0.999 * warmup);
        breaks[1] = warmup;
        breaks[2] = decayStart;
        breaks[3] = plannedSteps;
        for (int i = 0; i < pointStep.length; i++) {
            breaks[4 + 2 * i] = Math.max(0, pointStep[i] - 1);
            breaks[5 + 2 * i] = pointStep[i];
        }
        return breaks;
    }

    private double decayed(Schedule known, double step) {
        double x = plannedSteps > warmup ? clamp((step - warmup) / (plannedSteps - warmup)) : 1;
        return switch (known.kind()) {
            case COSINE -> cosine(x);
            case LINEAR -> 1 - (1 - finalRatio) * x;
            case INVERSE_SQRT ->
                Math.max(finalRatio, Math.sqrt(Math.max(warmup, 1) / Math.max(step, Math.max(warmup, 1))));
            case WSD -> cooldown(known, step);
            default -> 1;
        };
    }

    private double cooldown(Schedule known, double step) {
        double start = Math.max(warmup, known.decayStartStep() == null ? plannedSteps : known.decayStartStep());
        if (step <= start) {
            return 1;
        }
        double x = plannedSteps > start ? clamp((step - start) / (plannedSteps - start)) : 1;
        DecayShape shape = known.decayShape() == null ? DecayShape.LINEAR : known.decayShape();
        return switch (shape) {
            case LINEAR -> 1 - (1 - finalRatio) * x;
            case COSINE -> cosine(x);
            case ONE_MINUS_SQRT -> 1 - (1 - finalRatio) * Math.sqrt(x);
            case EXPONENTIAL -> Math.pow(Math.max(finalRatio, LEAST_EXPONENTIAL_RATIO), x);
        };
    }

    private double cosine(double x) {
        return finalRatio + (1 - finalRatio) * 0.5 * (1 + Math.cos(Math.PI * x));
    }

    private double stepped(double step) {
        double ratio = 1;
        for (int i = 0; i < pointStep.length && pointStep[i] <= step; i++) {
            ratio = pointRatio[i];
        }
        return ratio;
    }

    /** What came before the first point is taken for a linear warm-up. */
    private double beforePoints(double step) {
        return pointRatio[0] * clamp(step / (warmup > 0 ? warmup : pointStep[0]));
    }

    private double interpolated(double step) {
        int high = Knots.upper(pointStep, pointStep.length, step);
        if (high == 0) {
            return pointRatio[0];
        }
        if (high == pointStep.length) {
            return pointRatio[high - 1];
        }
        double x = (step - pointStep[high - 1]) / (pointStep[high] - pointStep[high - 1]);
        return pointRatio[high - 1] + x * (pointRatio[high] - pointRatio[high - 1]);
    }

    private static double clamp(double value) {
        return Math.max(0, Math.min(1, value));
    }
}
