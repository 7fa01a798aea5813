package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * u(k) = lr(k) / peak in [0, 1] of a planned schedule of T steps.
 *
 * <p>With w warm-up steps, s = rate at step 0 / peak, f = final / peak and x the fraction of the decay that has passed:
 * warm-up s + (1-s) k/w; cosine f + (1-f)(1 + cos pi x)/2; linear 1 - (1-f) x; polynomial f + (1-f)(1-x)^p; exponential
 * f^x; inverse-sqrt sqrt(w/k), not below f; WSD 1 until its decay start, then one of {@link #fallen}. Of n cosines with
 * restarts, each g times as long as the one before, cycle i begins where x (1 + g + ... + g^(n-1)) = 1 + g + ... +
 * g^(i-1). Points are linear in between, over the largest of them, held after the last; before the first there is a
 * linear warm-up. An unknown schedule is constant. O(1), points O(log n).
 */
final class LearningRate implements RelativeRate {

    /** f^x cannot reach zero: f is this at least. */
    private static final double LEAST_EXPONENTIAL_RATIO = 1e-3;

    private final @Nullable Schedule schedule;
    private final double peak;
    private final double warmup;
    private final double startRatio;
    private final double decayStart;
    private final double decayEnd;
    private final double finalRatio;
    private final double power;
    private final int cycles;
    private final double growth;
    private final double[] pointStep;
    private final double[] pointRatio;

    LearningRate(@Nullable Schedule schedule, double plannedSteps) {
        this.schedule = schedule;
        List<Schedule.Point> points = schedule == null ? List.of() : schedule.points();
        this.peak = scale(schedule, points);
        this.pointStep = points.stream().mapToDouble(Schedule.Point::step).toArray();
        this.pointRatio = points.stream().mapToDouble(p -> p.lr() / peak).toArray();
        if (schedule == null) {
            this.warmup = 0;
            this.startRatio = 0;
            this.decayStart = plannedSteps;
            this.decayEnd = plannedSteps;
            this.finalRatio = 0;
            this.power = 1;
            this.cycles = 1;
            this.growth = 1;
        } else {
            this.warmup = or(schedule.warmupSteps(), 0);
            this.startRatio = clamp(or(schedule.warmupStartLr(), 0) / peak);
            this.decayStart = schedule.decayStartStep() == null ? warmup : Math.max(warmup, schedule.decayStartStep());
            this.decayEnd = or(schedule.decayEndStep(), plannedSteps);
            this.finalRatio = clamp(or(schedule.finalLr(), 0) / peak);
            this.power = or(schedule.power(), 1);
            this.cycles = schedule.cycles() == null ? 1 : schedule.cycles();
            this.growth = or(schedule.cycleGrowth(), 1);
        }
    }

    private static double scale(@Nullable Schedule schedule, List<Schedule.Point> points) {
        if (schedule == null) {
            return 1;
        }
        double largest = points.stream().mapToDouble(Schedule.Point::lr).max().orElse(1);
        double told = schedule.kind() == ScheduleKind.POINTS ? largest : or(schedule.peak(), 1);
        return told > 0 ? told : 1;
    }

    /** The rate that u = 1 is; 1 when the schedule tells ratios only. */
    double peak() {
        return peak;
    }

    /** u at {@code step}. */
    @Override
    public double at(double step) {
        if (schedule == null) {
            return 1;
        }
        double ramp = step < warmup ? startRatio + (1 - startRatio) * Math.max(0, step) / warmup : 1;
        return clamp(
                switch (schedule.kind()) {
                    case POINTS -> step < pointStep[0] ? beforePoints(step) : interpolated(step);
                    case MULTISTEP -> ramp * stepped(step);
                    default -> step < warmup ? ramp : decayed(schedule, step);
                });
    }

    @Override
    public double[] breaks() {
        boolean restarts = schedule != null && schedule.kind() == ScheduleKind.COSINE_WITH_RESTARTS;
        double[] jumps = restarts ? restarts() : pointStep;
        double[] breaks = new double[Knots.FIXED + 2 * jumps.length];
        breaks[0] = Math.ceil(0.999 * warmup);
        breaks[1] = warmup;
        breaks[2] = decayStart;
        breaks[3] = decayEnd;
        for (int i = 0; i < jumps.length; i++) {
            breaks[Knots.FIXED + 2 * i] = Math.max(0, jumps[i] - 1);
            breaks[Knots.FIXED + 1 + 2 * i] = jumps[i];
        }
        return breaks;
    }

    private double decayed(Schedule known, double step) {
        double x = fraction(step, warmup);
        return switch (known.kind()) {
            case COSINE -> fallen(DecayShape.COSINE, x, finalRatio, 1);
            case LINEAR -> fallen(DecayShape.LINEAR, x, finalRatio, 1);
            case POLYNOMIAL -> fallen(DecayShape.POLYNOMIAL, x, finalRatio, power);
            case EXPONENTIAL -> fallen(DecayShape.EXPONENTIAL, x, finalRatio, 1);
            case COSINE_WITH_RESTARTS -> fallen(DecayShape.COSINE, cycleFraction(x), finalRatio, 1);
            case INVERSE_SQRT -> {
                double from = Math.max(warmup, 1);
                yield Math.max(finalRatio, Math.sqrt(from / Math.max(Math.min(step, decayEnd), from)));
            }
            case WSD -> {
                DecayShape shape = known.decayShape() == null ? DecayShape.LINEAR : known.decayShape();
                yield step <= decayStart ? 1 : fallen(shape, fraction(step, decayStart), finalRatio, power);
            }
            case CONSTANT, MULTISTEP, POINTS, UNKNOWN -> 1;
        };
    }

    /**
     * What is left of the rate when the fraction {@code x} of a decay to {@code last} (relative to its start) has passed;
     * {@code power} matters to the polynomial alone.
     */
    static double fallen(DecayShape shape, double x, double last, double power) {
        return switch (shape) {
            case LINEAR -> 1 - (1 - last) * x;
            case COSINE -> last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * x));
            case ONE_MINUS_SQRT -> 1 - (1 - last) * Math.sqrt(x);
            case EXPONENTIAL -> Math.pow(Math.max(last, LEAST_EXPONENTIAL_RATIO), x);
            case MEGATRON_EXPONENTIAL -> last + (1 - last) * (Math.pow(2, 1 - x) - 1);
            case POLYNOMIAL -> last + (1 - last) * Math.pow(1 - x, power);
        };
    }

    private double fraction(double step, double from) {
        return decayEnd > from ? clamp((step - from) / (decayEnd - from)) : 1;
    }

    /** How much of its cycle has passed when {@code x} of all cycles have. */
    private double cycleFraction(double x) {
        if (x >= 1) {
            return 1;
        }
        double position = x * cyclesBefore(cycles);
        double cycle =
                growth > 1 ? Math.floor(Math.log1p(position * (growth - 1)) / Math.log(growth)) : Math.floor(position);
        return clamp((position - cyclesBefore(cycle)) / Math.pow(growth, cycle));
    }

    /** Length of the first n cycles, in first cycles. */
    private double cyclesBefore(double n) {
        return growth > 1 ? (Math.pow(growth, n) - 1) / (growth - 1) : n;
    }

    private double[] restarts() {
        double[] steps = new double[cycles - 1];
        Arrays.setAll(steps, i -> Math.ceil(warmup + (decayEnd - warmup) * cyclesBefore(i + 1) / cyclesBefore(cycles)));
        return steps;
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
        return Knots.between(pointStep, pointRatio, pointStep.length, step);
    }

    private static double or(@Nullable Number value, double otherwise) {
        return value == null ? otherwise : value.doubleValue();
    }

    private static double clamp(double value) {
        return Math.max(0, Math.min(1, value));
    }
}
