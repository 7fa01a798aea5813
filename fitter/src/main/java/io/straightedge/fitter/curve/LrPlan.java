package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learning-rate schedule compiled for a plan of T steps.
 *
 * <p>With u(k) = lr/peak and p the first step with u &gt;= 0.999: S1(k) = integral of u from 0 to k, the progress of a
 * run; and six measures D(k) of how far it has annealed since p:
 *
 * <ul>
 *   <li>0 to 4: D = 1 - m, where m follows v = u^e with a lag in progress, dm/dS1 = (v - m)/memory, m(p) = v(p): a loss
 *       relaxes only as fast as the learning rate lets it. (e, memory) = (.5, 30), (.35, 300), (.2, 400), (.7, 300)
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
    private static final double COOLDOWN_FROM = 0.8;
    private static final int MOST_POWER_LAW_KNOTS = 256;
    /** Less progress than this is none: the learning rate is at zero. */
    private static final double LEAST_PROGRESS = 1e-12;

    private final PlannedRate source;
    private final List<Supposition> suppositions;
    private final long plannedSteps;
    private final double peakStep;
    private final double[] knot;
    private final double[] rate;
    private final double[] progress;
    private final double[][] anneal;

    /** A plan that a run without one may have, and how often runs have such. */
    record Supposition(LrPlan plan, double weight) {}

    private LrPlan(long plannedSteps, PlannedRate source, List<Supposition> suppositions) {
        RelativeRate learningRate = source.rate();
        this.source = source;
        this.suppositions = suppositions;
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
     * constant, which {@link #assumed} tells, and several plans are supposed.
     */
    public static LrPlan of(@Nullable Schedule schedule, long plannedSteps) {
        return of(schedule, plannedSteps, LrSeen.NONE);
    }

    /**
     * Compiles the plan of a run that has had the rates {@code seen}: these are its past; the rest is the schedule,
     * scaled to meet them, or, without a schedule that can be planned, the continuation of their shape.
     */
    public static LrPlan of(@Nullable Schedule schedule, long plannedSteps, LrSeen seen) {
        if (plannedSteps < 1) {
            throw new IllegalArgumentException("plannedSteps is " + plannedSteps + ": it must be at least 1");
        }
        PlannedRate source = PlannedRate.of(schedule, (double) plannedSteps, seen);
        List<Supposition> supposed =
                source.origin() == PlanOrigin.ASSUMED ? supposed(plannedSteps, seen) : List.<Supposition>of();
        return new LrPlan(plannedSteps, source, supposed);
    }

    /** Four plans where no rate was seen; else what was seen, then a constant rate or a cooldown in the last fifth. */
    private static List<Supposition> supposed(long steps, LrSeen seen) {
        Schedule constant = Schedule.of(ScheduleKind.CONSTANT, null, 1.0);
        if (seen.isEmpty()) {
            Schedule cosine = new Schedule(ScheduleKind.COSINE, null, 1.0, .1, null, null, List.of());
            return List.of(
                    new Supposition(of(constant, steps), .2),
                    new Supposition(of(cosine, steps), .35),
                    new Supposition(of(Schedule.of(ScheduleKind.LINEAR, null, 1.0), steps), .2),
                    new Supposition(of(cooldown(steps, COOLDOWN_FROM * steps), steps), .25));
        }
        double left = (steps - seen.end()) / (steps * (1 - COOLDOWN_FROM));
        if (left <= 0) {
            return List.of();
        }
        Schedule cooldown = cooldown(steps, Math.max(COOLDOWN_FROM * steps, seen.end()));
        return List.of(
                new Supposition(of(constant, steps, seen), 1),
                new Supposition(of(cooldown, steps, seen), Math.min(1, left)));
    }

    private static Schedule cooldown(long steps, double from) {
        long start = Math.min(steps, Math.round(from));
        return new Schedule(ScheduleKind.WSD, null, 1.0, 0.0, start, DecayShape.LINEAR, List.of());
    }

    /** What the plan may be, where what comes is not known; empty where it is. */
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

    /**
     * The last shape, each change of u taken at the middle of its interval, on at most 256 knots and linear in between.
     */
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

    /** Whether the rates seen since it was made are the plan's, as far as it claims to know them. */
    public boolean follows(LrSeen seen) {
        return source.follows(seen);
    }

    /** Where the plan comes from. */
    public PlanOrigin origin() {
        return source.origin();
    }

    /** What is assumed and why, for people; empty when the plan was sent and nothing speaks against it. */
    public String words() {
        return source.words();
    }

    /**
     * Standard deviation of the anneal 1 - sqrt(u) at the planned end over what else the learning rate might do; 0 when
     * the plan was sent. Times the drop C of the loss it is a relative error of the final loss that the plan leaves
     * open.
     */
    public double annealSd() {
        return source.annealSd();
    }

    /** Whether no learning rate was known at all and a constant one stands in for it. */
    public boolean assumed() {
        return source.assumed();
    }

    /** Steps at which the plan is tabulated, rising; a copy. */
    double[] knots() {
        return knot.clone();
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
        return Knots.between(knot, table, knot.length, step);
    }
}
