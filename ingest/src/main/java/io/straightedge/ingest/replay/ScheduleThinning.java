package io.straightedge.ingest.replay;

import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;

/**
 * A logged learning rate as a schedule of a few hundred points.
 *
 * <p>Keeps the points without which linear interpolation would be off by more than a tolerance (Ramer, Douglas and
 * Peucker, by vertical distance), so corners stay; the tolerance begins at 1e-4 of the peak and doubles until at most
 * {@value #MAX_POINTS} points are left. O(n log n) on usual schedules, O(n^2) at worst.
 */
public final class ScheduleThinning {

    static final int MAX_POINTS = 300;

    private static final double FIRST_TOLERANCE = 1e-4;

    private ScheduleThinning() {}

    /** The schedule through the given rates; at least one is needed. */
    public static Schedule of(SortedMap<Long, Double> rates) {
        List<Schedule.Point> points = new ArrayList<>();
        rates.forEach((step, lr) -> points.add(new Schedule.Point(step, lr)));
        double peak = points.stream().mapToDouble(Schedule.Point::lr).max().orElse(0);
        List<Schedule.Point> kept = points;
        for (double tolerance = FIRST_TOLERANCE * peak; kept == points || kept.size() > MAX_POINTS; tolerance *= 2) {
            kept = thin(points, tolerance);
            if (tolerance == 0) {
                break;
            }
        }
        return new Schedule(ScheduleKind.POINTS, null, peak > 0 ? peak : null, null, null, null, kept);
    }

    private static List<Schedule.Point> thin(List<Schedule.Point> points, double tolerance) {
        BitSet keep = new BitSet(points.size());
        keep.set(0);
        keep.set(points.size() - 1);
        Deque<int[]> open = new ArrayDeque<>();
        open.push(new int[] {0, points.size() - 1});
        while (!open.isEmpty()) {
            int[] range = open.pop();
            int worst = worst(points, range[0], range[1], tolerance);
            if (worst >= 0) {
                keep.set(worst);
                open.push(new int[] {range[0], worst});
                open.push(new int[] {worst, range[1]});
            }
        }
        return keep.stream().mapToObj(points::get).toList();
    }

    /** The point farthest above or below the line from one to the other, or -1 when none is beyond the tolerance. */
    private static int worst(List<Schedule.Point> points, int from, int to, double tolerance) {
        Schedule.Point a = points.get(from);
        Schedule.Point b = points.get(to);
        int worst = -1;
        double farthest = tolerance;
        for (int i = from + 1; i < to; i++) {
            Schedule.Point p = points.get(i);
            double line = a.lr() + (b.lr() - a.lr()) * (p.step() - a.step()) / (b.step() - a.step());
            double distance = Math.abs(p.lr() - line);
            if (distance > farthest) {
                farthest = distance;
                worst = i;
            }
        }
        return worst;
    }
}
