package io.straightedge.fitter.envelope;

import io.straightedge.protocol.law.Allocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A way to take the lower envelope of loss over FLOPs of several curves. */
public enum EnvelopeMethod {
    /**
     * At FLOP values equally spaced in ln C the curve with the least loss, ln loss and ln D linear in ln C between its
     * points. Curves count only between their first and their last point.
     *
     * @see "Hoffmann et al. 2022, arXiv 2203.15556, section 3.1"
     */
    INTERPOLATED {
        @Override
        List<Allocation> envelope(List<RunCurve> curves, EnvelopeOptions options) {
            double first = Math.log(least(curves));
            double last = Math.log(most(curves));
            List<Allocation> envelope = new ArrayList<>();
            for (int k = 0; k < options.samples(); k++) {
                double logFlops = first + (last - first) * k / (options.samples() - 1);
                curves.stream()
                        .filter(curve -> curve.covers(logFlops))
                        .map(curve -> curve.at(logFlops))
                        .min(Comparator.comparingDouble(Allocation::loss))
                        .ifPresent(envelope::add);
            }
            return envelope;
        }
    },

    /**
     * The corners of the lower convex hull of (ln C, ln L), as far as the loss falls.
     *
     * @see "McLeish et al. 2025, arXiv 2502.06857, approach 1"
     */
    HULL {
        @Override
        List<Allocation> envelope(List<RunCurve> curves, EnvelopeOptions options) {
            List<Allocation> hull = new ArrayList<>();
            for (Allocation point : points(curves)) {
                while (hull.size() > 1 && !isCorner(hull.get(hull.size() - 2), hull.get(hull.size() - 1), point)) {
                    hull.remove(hull.size() - 1);
                }
                if (hull.isEmpty() || point.flops() > hull.get(hull.size() - 1).flops()) {
                    hull.add(point);
                }
            }
            int end = 1;
            while (end < hull.size() && hull.get(end).loss() < hull.get(end - 1).loss()) {
                end++;
            }
            return hull.subList(0, Math.min(end, hull.size()));
        }
    },

    /**
     * The point of least loss in each of equal buckets of ln C that holds one.
     *
     * @see "McLeish et al. 2025, arXiv 2502.06857, approach 1"
     */
    BUCKETS {
        @Override
        List<Allocation> envelope(List<RunCurve> curves, EnvelopeOptions options) {
            double first = Math.log(least(curves));
            double width = (Math.log(most(curves)) - first) / options.buckets();
            Allocation[] best = new Allocation[options.buckets()];
            for (Allocation point : points(curves)) {
                int k = width > 0 ? (int) Math.ceil((Math.log(point.flops()) - first) / width) - 1 : 0;
                int bucket = Math.max(0, Math.min(best.length - 1, k));
                if (best[bucket] == null || point.loss() < best[bucket].loss()) {
                    best[bucket] = point;
                }
            }
            List<Allocation> envelope = new ArrayList<>();
            for (Allocation point : best) {
                if (point != null) {
                    envelope.add(point);
                }
            }
            return envelope;
        }
    };

    /** The envelope by rising C; each of its points is a size, its tokens and its loss at that C. */
    abstract List<Allocation> envelope(List<RunCurve> curves, EnvelopeOptions options);

    /** All points by rising C, of equal C the least loss first. */
    private static List<Allocation> points(List<RunCurve> curves) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .sorted(Comparator.comparingDouble(Allocation::flops).thenComparingDouble(Allocation::loss))
                .toList();
    }

    private static double least(List<RunCurve> curves) {
        return curves.stream()
                .mapToDouble(curve -> curve.points().get(0).flops())
                .min()
                .orElseThrow();
    }

    private static double most(List<RunCurve> curves) {
        return curves.stream()
                .mapToDouble(
                        curve -> curve.points().get(curve.points().size() - 1).flops())
                .max()
                .orElseThrow();
    }

    /** Whether the path a, b, c turns upwards at b in (ln C, ln L). */
    private static boolean isCorner(Allocation a, Allocation b, Allocation c) {
        double first = Math.log(b.loss() / a.loss()) * Math.log(c.flops() / b.flops());
        double second = Math.log(c.loss() / b.loss()) * Math.log(b.flops() / a.flops());
        return first < second;
    }
}
