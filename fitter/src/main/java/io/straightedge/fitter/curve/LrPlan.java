package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learning-rate schedule compiled for a plan of T steps.
 *
 * <p>With u(k) = lr/peak and p the first step with u &gt;= 0.999: S1(k) = integral of u from 0 to k, the progress of a run;
 * and six measures D(k) of how far it has annealed since p:
 *
 * <ul>
 *   <li>0 to 4: D = 1 - m, where m follows v = u^e with a lag in progress, dm/dS1 = (v - m)/memory, m(p) = v(p):
 *       a loss relaxes only as fast as the learning rate lets it. (e, memory) = (.5, 30), (.35, 300), (.2, 400), (.7, 300)
 *       steps at the peak and (.7, 1 % of S1(T))
 *   <li>5: sum of (u(j-1) - u(j)) (1 - (1 + .12 u(j)^-.65 (S1(k) - S1(j)))^-.6)
 * </ul>
 *
 * <p>Tabulated on about 800 knots, linear in between; the lags are exact for u^e linear in S1 between knots, so the cost
 * does not depend on T. Compiling takes about a millisecond; a look-up O(log knots). Steps beyond T keep the last rate.
 * Immutable.
 *
 * @see "Multi-Power-Law, arXiv 2503.12811, for shape 5"
 */
public final class LrPlan {

    /** Number of anneal shapes. */
    public static final int SHAPES = 6;

    private static final double[] EXPONENT = {.5, .35, .2, .7, .7};
    /** Steps at the peak; the last is a part of S1(T). */
    private static final double[] MEMORY = {30, 300, 400, 300, .01};

    private static final double AT_PEAK = 0.999;
    private static final int MOST_POWER_LAW_KNOTS = 256;
    /** Less progress than this is none: the learning rate is at zero. */
    private static final double LEAST_PROGRESS = 1e-12;

    private final boolean assumed;
    private final List<Supposition> suppositions;
    private final long plannedSteps;
    private final double peakStep;
    private final double[] knot;
    private final double[] rate;
    private final double[] progress;
    private final double[][] anneal;

    /** A plan that a run without one may have, and how often runs have such. */
    record Supposition(LrPlan plan, double weight) {}

    private LrPlan(boolean assumed, long plannedSteps, LearningRate learningRate) {
        this.assumed = assumed;
        this.suppositions = assumed ? supposed(plannedSteps) : List.of();
        this.plannedSteps = plannedSteps;
        this.knot = Knots.of(plannedSteps, learningRate.breaks());
        int n = knot.length;
        this.rate = new double[n];
        this.progress = new double[n];
        int peak = -1;
        int highest = 0;
        for (int i = 0; i < n; i++) {
            rate[i] = learningRate.at(knot[i]);
            progress[i] = i == 0 ? 0 : progress[i - 1] + 0.5 * (rate[i - 1] + rate[i]) * (knot[i] - knot[i - 1]);
            if (peak < 0 && rate[i] >= AT_PEAK) {
                peak = i;
            }
            if (rate[i] > rate[highest]) {
                highest = i;
            }
        }
        int from = peak < 0 ? highest : peak;
        this.peakStep = knot[from];
        this.anneal = new double[SHAPES][];
        for (int shape = 0; shape < EXPONENT.length; shape++) {
            boolean relative = MEMORY[shape] < 1;
            anneal[shape] = lagged(from, EXPONENT[shape], relative ? MEMORY[shape] * progress[n - 1] : MEMORY[shape]);
        }
        anneal[SHAPES - 1] = powerLaw(from);
    }

    /**
     * Compiles {@code schedule} for {@code plannedSteps} (&gt;= 1) steps; without one the learning rate is taken as
     * constant, which {@link #assumed} tells.
     */
    public static LrPlan of(@Nullable Schedule schedule, long plannedSteps) {
        if (plannedSteps < 1) {
            throw new IllegalArgumentException("plannedSteps is " + plannedSteps + ": it must be at least 1");
        }
        return new LrPlan(schedule == null, plannedSteps, new LearningRate(schedule, plannedSteps));
    }

    private static List<Supposition> supposed(long steps) {
        List<Schedule> schedules = List.of(
                Schedule.of(ScheduleKind.CONSTANT, null, 1.0),
                new Schedule(ScheduleKind.COSINE, null, 1.0, .1, null, null, List.of()),
                Schedule.of(ScheduleKind.LINEAR, null, 1.0),
                new Schedule(ScheduleKind.WSD, null, 1.0, 0.0, Math.round(.8 * steps), DecayShape.LINEAR, List.of()));
        double[] weights = {.2, .35, .2, .25};
        List<Supposition> supposed = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            supposed.add(new Supposition(of(schedules.get(i), steps), weights[i]));
        }
        return supposed;
    }

    /** Of a run without a plan: what it may be. Empty when it is known. */
    List<Supposition> suppositions() {
        return suppositions;
    }

    /** 1 - m for dm/dS1 = (u^exponent - m)/memory. */
    private double[] lagged(int from, double exponent, double memory) {
        double[] drop = new double[knot.length];
        double start = Math.pow(rate[from], exponent);
        double before = start;
        double m = start;
        for (int i = from + 1; i < knot.length; i++) {
            double value = Math.pow(rate[i], exponent);
            double x = (progress[i] - progress[i - 1]) / memory;
            if (progress[i] - progress[i - 1] > LEAST_PROGRESS) {
                double passed = -Math.expm1(-x);
                m += (before - m) * passed + (value - before) * (1 - passed / x);
            }
            drop[i] = start - m;
            before = value;
        }
        return drop;
    }

    /** The last shape, each change of u taken at the middle of its interval, on at most 256 knots and linear in between. */
    private double[] powerLaw(int from) {
        int n = knot.length;
        double[] sum = new double[n];
        int span = n - 1 - from;
        int stride = 1 + span / MOST_POWER_LAW_KNOTS;
        int last = from;
        for (int k = from; k < n; k = k == n - 1 ? n : Math.min(k + stride, n - 1)) {
            double total = 0;
            for (int j = from; j < k; j += stride) {
                int end = Math.min(j + stride, k);
                double change = rate[j] - rate[end];
                if (change != 0) {
                    double u = Math.max(1e-6, 0.5 * (rate[j] + rate[end]));
                    double since = progress[k] - 0.5 * (progress[j] + progress[end]);
                    total += change * (1 - Math.pow(1 + 0.12 * Math.pow(u, -0.65) * since, -0.6));
                }
            }
            sum[k] = total;
            for (int i = last + 1; i < k; i++) {
                double x = (knot[i] - knot[last]) / (knot[k] - knot[last]);
                sum[i] = sum[last] + x * (total - sum[last]);
            }
            last = k;
        }
        return sum;
    }

    /** Whether no schedule was known and a constant learning rate stands in for it. */
    public boolean assumed() {
        return assumed;
    }

    /** T. */
    public long plannedSteps() {
        return plannedSteps;
    }

    /** The first step at which the learning rate is at its peak. */
    public double peakStep() {
        return peakStep;
    }

    /** u = lr/peak at {@code step}, in [0, 1]. */
    public double rate(double step) {
        return at(rate, step);
    }

    /** S1: the integral of u up to {@code step}. */
    public double progress(double step) {
        double beyond = Math.max(0, step - plannedSteps);
        return at(progress, step) + beyond * rate[rate.length - 1];
    }

    /** The anneal integral of shape {@code shape} in [0, {@link #SHAPES}). */
    public double anneal(int shape, double step) {
        return at(anneal[shape], step);
    }

    private double at(double[] table, double step) {
        int high = Knots.upper(knot, knot.length, step);
        if (high == 0) {
            return table[0];
        }
        if (high == knot.length) {
            return table[high - 1];
        }
        double x = (step - knot[high - 1]) / (knot[high] - knot[high - 1]);
        return table[high - 1] + x * (table[high] - table[high - 1]);
    }
}
