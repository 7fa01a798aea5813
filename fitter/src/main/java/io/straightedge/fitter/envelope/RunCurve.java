package io.straightedge.fitter.envelope;

import io.straightedge.protocol.law.Allocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** One curve of loss over FLOPs: at least one point, by rising C, of equal C the mean of ln L. Immutable. */
final class RunCurve {

    private static final double ROUNDING = 1e-12;

    private final List<Allocation> points;
    private final double[] logFlops;

    private RunCurve(List<Allocation> points) {
        this.points = List.copyOf(points);
        logFlops = points.stream().mapToDouble(p -> Math.log(p.flops())).toArray();
    }

    List<Allocation> points() {
        return points;
    }

    /**
     * Of unordered points, each ln loss averaged over {@code window} checkpoints about it, fewer but as many on either
     * side near the ends.
     */
    static RunCurve of(List<Allocation> unordered, int window) {
        List<Allocation> rising = new ArrayList<>();
        List<Allocation> same = new ArrayList<>();
        for (Allocation point : unordered.stream()
                .sorted(Comparator.comparingDouble(Allocation::flops))
                .toList()) {
            if (!same.isEmpty() && point.flops() > same.get(0).flops()) {
                rising.add(mean(same, same.get(0)));
                same.clear();
            }
            same.add(point);
        }
        rising.add(mean(same, same.get(0)));
        List<Allocation> smooth = new ArrayList<>();
        for (int i = 0; i < rising.size(); i++) {
            int reach = Math.min(window / 2, Math.min(i, rising.size() - 1 - i));
            smooth.add(mean(rising.subList(i - reach, i + reach + 1), rising.get(i)));
        }
        return new RunCurve(smooth);
    }

    /** {@code centre} with the geometric mean of the losses. */
    private static Allocation mean(List<Allocation> points, Allocation centre) {
        double mean =
                points.stream().mapToDouble(p -> Math.log(p.loss())).average().orElseThrow();
        return new Allocation(
                centre.flops(), centre.params(), centre.tokens(), points.size() == 1 ? centre.loss() : Math.exp(mean));
    }

    /** Whether ln C lies between the first and the last point, to rounding. */
    boolean covers(double logC) {
        return logC >= logFlops[0] - ROUNDING && logC <= logFlops[logFlops.length - 1] + ROUNDING;
    }

    /** N, D and L at ln C, their logarithms linear between points and constant outside. */
    Allocation at(double logC) {
        int found = Arrays.binarySearch(logFlops, logC);
        int k = Math.max(0, Math.min(logFlops.length - 2, found >= 0 ? found : -found - 2));
        int next = Math.min(k + 1, logFlops.length - 1);
        Allocation left = points.get(k);
        Allocation right = points.get(next);
        double width = logFlops[next] - logFlops[k];
        double part = width > 0 ? Math.max(0, Math.min(1, (logC - logFlops[k]) / width)) : 0;
        return new Allocation(
                Math.exp(logC),
                between(left.params(), right.params(), part),
                between(left.tokens(), right.tokens(), part),
                between(left.loss(), right.loss(), part));
    }

    private static double between(double left, double right, double part) {
        return left * Math.pow(right / left, part);
    }
}
