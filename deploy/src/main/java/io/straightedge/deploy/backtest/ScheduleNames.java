package io.straightedge.deploy.backtest;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What kind a planned schedule is of. A schedule given as points is what it looks like after its warm-up: constant, in
 * steps, level for a sixth of the plan or more and then down, or the nearest of cosine, linear and inverse square root.
 */
final class ScheduleNames {

    /** Where no schedule is known. */
    static final String UNKNOWN = "unknown";

    private static final int SAMPLES = 400;
    private static final double LEVEL = 0.98;
    private static final double LEAST_PLATEAU = 1 / 6.0;
    /** Part of the plan in which a rate that goes in steps may be seen to move, as points are joined by lines. */
    private static final double MOST_MOVING = 0.03;

    private static final double MOVING = 5e-4;
    private static final double NEAR = 0.05;

    private ScheduleNames() {}

    static String of(@Nullable Schedule schedule, LrPlan plan) {
        if (schedule == null) {
            return UNKNOWN;
        }
        return schedule.kind() == ScheduleKind.POINTS
                ? look(plan)
                : schedule.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String look(LrPlan plan) {
        double begin = plan.peakStep();
        double length = plan.plannedSteps() - begin;
        double[] rate = new double[SAMPLES + 1];
        int moving = 0;
        double least = 1;
        int plateau = 0;
        for (int i = 0; i <= SAMPLES; i++) {
            rate[i] = plan.rate(begin + length * i / SAMPLES);
            moving += i > 0 && Math.abs(rate[i] - rate[i - 1]) > MOVING ? 1 : 0;
            least = Math.min(least, rate[i]);
            plateau += plateau == i && rate[i] >= LEVEL ? 1 : 0;
        }
        if (least >= LEVEL) {
            return "constant";
        } else if (moving > 0 && moving <= MOST_MOVING * SAMPLES) {
            return "multistep";
        } else if (plateau >= LEAST_PLATEAU * SAMPLES) {
            return "wsd";
        }
        double last = rate[SAMPLES];
        double cosine = distance(rate, x -> last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * x)));
        double linear = distance(rate, x -> 1 - (1 - last) * x);
        double root = distance(rate, x -> Math.sqrt(begin / (begin + length * x)));
        double nearest = Math.min(cosine, Math.min(linear, root));
        if (nearest > NEAR) {
            return "points";
        }
        return nearest == cosine ? "cosine" : nearest == linear ? "linear" : "inverse-sqrt";
    }

    private static double distance(double[] rate, DoubleUnaryOperator form) {
        double sum = 0;
        for (int i = 0; i < rate.length; i++) {
            double off = rate[i] - form.applyAsDouble(i / (rate.length - 1.0));
            sum += off * off;
        }
        return Math.sqrt(sum / rate.length);
    }
}
