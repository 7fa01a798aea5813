package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * A learning-rate schedule compiled for a plan of T steps.
 *
 * <p>With u(k) = lr/peak and p the first step with u &gt;= 0.999: S1(k) = integral of u from 0 to k, the progress of a run;
 * and five integrals of how far it has annealed since p, v = u^e, d(i) = v(i-1) - v(i):
 *
 * <ul>
 *   <li>0: sum of d, e = .5
 *   <li>1, 3: sum of d(i) (1 - l^(k-i+1)), l = .99, e = .7 and 1
 *   <li>2: the same with e = .7 and a memory of 3 % of T
 *   <li>4: sum of (u(j-1) - u(j)) (1 - (1 + .12 u(j)^-.65 (S1(k) - S1(j)))^-.6)
 * </ul>
 *
 * <p>Tabulated on about 800 knots, linear in between; the lagged sums are exact for u^e linear between knots, so the cost
 * does not depend on T. Compiling takes about a millisecond; a look-up O(log knots). Steps beyond T keep the last rate.
 * Immutable.
 *
 * @see "Multi-Power-Law, arXiv 2503.12811, for shape 4"
 */
public final class LrPlan {

    /** Number of anneal shapes. */
    public static final int SHAPES = 5;

    private static final double AT_PEAK = 0.999;
    private static final int MOST_POWER_LAW_KNOTS = 256;

    private final boolean assumed;
    private final long plannedSteps;
    private final double peakStep;
    private final double[] knot;
    private final double[] rate;
    private final double[] progress;
    private final double[][] anneal;

    private LrPlan(boolean assumed, long plannedSteps, LearningRate learningRate) {
        this.assumed = assumed;
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
        this.anneal = new double[][] {
            lagged(from, 0.5, 0),
            lagged(from, 0.7, 100),
            lagged(from, 0.7, 0.03 * plannedSteps),
            lagged(from, 1, 100),
            powerLaw(from)
        };
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

    /** sum of d(i) (1 - l^(k-i+1)) with l = 1 - 1/memory; memory 0 is no lag. */
    private double[] lagged(int from, double exponent, double memory) {
        double[] sum = new double[knot.length];
        double keep = memory > 1 ? 1 - 1 / memory : 0;
        double pending = 0;
        double start = Math.pow(rate[from], exponent);
        double before = start;
        for (int i = from + 1; i < knot.length; i++) {
            double steps = knot[i] - knot[i - 1];
            double value = Math.pow(rate[i], exponent);
            if (keep > 0) {
                double kept = Math.pow(keep, steps);
                pending = kept * pending + (before - value) / steps * keep * (1 - kept) / (1 - keep);
            }
            sum[i] = start - value - pending;
            before = value;
        }
        return sum;
    }

    /** Shape 4, each change of u taken at the middle of its interval, on at most 256 knots and linear in between. */
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
