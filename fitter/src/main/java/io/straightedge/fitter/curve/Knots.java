package io.straightedge.fitter.curve;

import java.util.Arrays;

/** Where a plan is tabulated: about 800 whole steps, dense where schedules bend. */
final class Knots {

    private static final int LINEAR = 400;
    private static final int GEOMETRIC = 200;
    /** More breaks than this are thinned evenly: a schedule sent point by point is smooth at that scale. */
    private static final int MOST_BREAKS = 1200;

    /** How many of the first breaks are never thinned. */
    static final int FIXED = 4;

    private Knots() {}

    /**
     * Rising distinct whole steps from 0 to {@code plannedSteps}: every step of a short plan; else 400 evenly, 200
     * geometrically from the start (bins are), 200 towards the end (a cooldown to zero is steepest there), and the
     * breaks.
     */
    static double[] of(long plannedSteps, double[] breaks) {
        double planned = plannedSteps;
        if (plannedSteps <= LINEAR + 2 * GEOMETRIC) {
            double[] all = new double[(int) plannedSteps + 1];
            Arrays.setAll(all, i -> i);
            return all;
        }
        int stride = 1 + breaks.length / MOST_BREAKS;
        double[] all = new double[LINEAR + 1 + 2 * GEOMETRIC + breaks.length];
        int n = 0;
        for (int i = 0; i <= LINEAR; i++) {
            all[n++] = Math.rint(planned * i / LINEAR);
        }
        for (int i = 0; i < GEOMETRIC; i++) {
            double distance = Math.rint(Math.pow(planned, i / (double) GEOMETRIC));
            all[n++] = distance;
            all[n++] = planned - distance;
        }
        for (int i = 0; i < breaks.length; i++) {
            // Pairs (before, at) of a jump stay together.
            if (i < FIXED || (i / 2) % stride == 0) {
                all[n++] = Math.max(0, Math.min(planned, breaks[i]));
            }
        }
        Arrays.sort(all, 0, n);
        int distinct = 1;
        for (int i = 1; i < n; i++) {
            if (all[i] > all[distinct - 1]) {
                all[distinct++] = all[i];
            }
        }
        return Arrays.copyOf(all, distinct);
    }

    /** The value at x of {@code n > 0} values at rising {@code where}, linear in between and held outside. O(log n). */
    static double between(double[] where, double[] value, int n, double x) {
        int high = upper(where, n, x);
        if (high == 0) {
            return value[0];
        }
        if (high == n) {
            return value[n - 1];
        }
        double part = (x - where[high - 1]) / (where[high] - where[high - 1]);
        return value[high - 1] + part * (value[high] - value[high - 1]);
    }

    /** The first i of {@code sorted[0..n)} with {@code sorted[i] > value}; n when there is none. O(log n). */
    static int upper(double[] sorted, int n, double value) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
