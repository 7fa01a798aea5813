package io.straightedge.fitter.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Positive values in groups of like size.
 *
 * <p>The values are sorted; a group ends where the next value is more than a tenth above the one before. What lies
 * within a tenth of a neighbour is therefore always together, and nothing depends on the order of the points or on a
 * first value, but a dense row of values makes one long group: {@link #stretch} tells. O(n log n).
 */
public final class Chains {

    private static final double STEP = 1.1;
    /** A group that stretches further is a cloud of values, not scatter about one. */
    public static final double MOST_STRETCH = 1.3;

    /** Rounding of a label must not part what it says is a tenth apart. */
    private static final double SLACK = 1 + 1e-9;

    private Chains() {}

    /** Indices of {@code values} [n] in groups, both by rising value; equal values by index. */
    public static List<int[]> of(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= order.length; i++) {
            if (i == order.length || values[order[i]] > STEP * SLACK * values[order[i - 1]]) {
                groups.add(IntStream.range(start, i).map(k -> order[k]).toArray());
                start = i;
            }
        }
        return groups;
    }

    /**
     * As {@link #of}, but a group that stretches over more than {@link #MOST_STRETCH} is cut into equal steps of the
     * logarithm, none longer than a tenth; empty steps are left out.
     */
    static List<int[]> cells(double[] values) {
        List<int[]> cells = new ArrayList<>();
        for (int[] group : of(values)) {
            double stretch = stretch(values, group);
            int steps = stretch > MOST_STRETCH ? (int) Math.ceil(Math.log(stretch) / Math.log(STEP)) : 1;
            int start = 0;
            for (int step = 1; step <= steps && start < group.length; step++) {
                double end = values[group[0]] * Math.pow(stretch, (double) step / steps);
                int stop = start;
                while (stop < group.length && (step == steps || values[group[stop]] < end)) {
                    stop++;
                }
                if (stop > start) {
                    cells.add(Arrays.copyOfRange(group, start, stop));
                }
                start = stop;
            }
        }
        return cells;
    }

    /** The largest over the least value of a group. */
    public static double stretch(double[] values, int[] group) {
        return values[group[group.length - 1]] / values[group[0]];
    }
}
