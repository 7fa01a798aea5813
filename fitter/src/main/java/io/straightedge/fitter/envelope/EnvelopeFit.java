package io.straightedge.fitter.envelope;

import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.law.PowerTrend;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.Allocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Approach 1: the lower envelope of loss over FLOPs, and how N* and D* on it grow with C.
 *
 * <p>The envelope is one of finished runs only where each curve's learning rate has decayed by the FLOPs at which it is
 * read. Where any point is annealed, only those are used, joined by size: the ends of several horizons of one N are a
 * curve. Where none is, each run's checkpoints are its curve and the answer says that it is of un-decayed points. Then
 * least squares of ln N* and ln D* on ln C. O(samples times curves) at most. Refused with fewer than two sizes or three
 * points on the envelope.
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, section 3.1; McLeish et al. 2025, arXiv 2502.06857"
 */
public final class EnvelopeFit {

    private static final int LEAST_POINTS = 3;
    /** A size at an end that holds more of the envelope's length is worth a doubt. */
    private static final double MOST_OF_AN_END = 0.25;

    private EnvelopeFit() {}

    /**
     * Fits.
     *
     * @param points checkpoints, with the run of each
     * @param annealed whether the learning rate had decayed at each point [n]
     */
    public static Outcome<EnvelopeTrends> fit(LawPoints points, boolean[] annealed, EnvelopeOptions options) {
        if (annealed.length != points.size()) {
            throw new IllegalArgumentException("each point is annealed or not");
        }
        int[] decayed =
                IntStream.range(0, points.size()).filter(i -> annealed[i]).toArray();
        boolean valid = decayed.length > 0;
        int[] used = valid ? decayed : IntStream.range(0, points.size()).toArray();
        if (used.length == 0) {
            return Outcome.refused("no points");
        }
        List<RunCurve> curves = curves(points, used, valid, options.window());
        List<Allocation> whole = options.method().envelope(curves, options);
        List<Allocation> inner = options.inner() ? inner(whole, curves) : whole;
        boolean trimmed = inner.size() < whole.size() && isEnough(inner);
        List<Allocation> envelope = trimmed ? inner : whole;
        if (!isEnough(envelope)) {
            return Outcome.refused(String.format(
                    Locale.ROOT,
                    "the envelope has %d points of %d sizes: approach 1 needs three points and two sizes",
                    envelope.size(),
                    sizes(envelope).length));
        }
        List<String> doubts = new ArrayList<>();
        if (!valid) {
            doubts.add("no point is annealed: the envelope is of un-decayed checkpoints, and its exponents depend on"
                    + " where their schedules stood and on which checkpoints there are");
        }
        if (used.length < points.size()) {
            doubts.add((points.size() - used.length) + " points before the end of their schedule were left out");
        }
        doubts.addAll(trimmed ? List.of(leftOut(whole, inner)) : ends(whole));
        double[] x = logs(envelope, Allocation::flops);
        return Outcome.found(new EnvelopeTrends(
                PowerTrend.of(x, logs(envelope, Allocation::params)),
                PowerTrend.of(x, logs(envelope, Allocation::tokens)),
                envelope,
                sizes(envelope).length,
                valid,
                doubts));
    }

    private static boolean isEnough(List<Allocation> envelope) {
        return envelope.size() >= LEAST_POINTS && sizes(envelope).length > 1;
    }

    /** Where neither the smallest nor the largest size of all curves is the best. */
    private static List<Allocation> inner(List<Allocation> envelope, List<RunCurve> curves) {
        double[] sizes =
                sizes(curves.stream().flatMap(curve -> curve.points().stream()).toList());
        return envelope.stream()
                .filter(p -> p.params() > sizes[0] && p.params() < sizes[sizes.length - 1])
                .toList();
    }

    private static List<RunCurve> curves(LawPoints points, int[] used, boolean bySize, int window) {
        Map<Double, List<Allocation>> curves = new LinkedHashMap<>();
        for (int i : used) {
            double key = bySize ? points.params(i) : points.run(i);
            curves.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(new Allocation(points.flops(i), points.params(i), points.tokens(i), points.loss(i)));
        }
        return curves.values().stream().map(curve -> RunCurve.of(curve, window)).toList();
    }

    private static String leftOut(List<Allocation> whole, List<Allocation> inner) {
        return String.format(
                Locale.ROOT,
                "%.1f of %.1f decades of compute were left out, where the smallest or the largest size is the best",
                decades(whole) - decades(inner),
                decades(whole));
    }

    /** The ends that one size holds for long. */
    private static List<String> ends(List<Allocation> envelope) {
        double[] sizes = sizes(envelope);
        double decades = decades(envelope);
        List<String> doubts = new ArrayList<>();
        for (double end : new double[] {sizes[0], sizes[sizes.length - 1]}) {
            double held =
                    decades(envelope.stream().filter(p -> p.params() == end).toList());
            if (held > MOST_OF_AN_END * decades) {
                doubts.add(String.format(
                        Locale.ROOT,
                        "the %s size (%.3g) is the best over %.1f of %.1f decades of compute: beyond it nothing was run",
                        end == sizes[0] ? "smallest" : "largest",
                        end,
                        held,
                        decades));
            }
        }
        return doubts;
    }

    private static double[] sizes(List<Allocation> points) {
        return points.stream()
                .mapToDouble(Allocation::params)
                .sorted()
                .distinct()
                .toArray();
    }

    private static double decades(List<Allocation> envelope) {
        return Math.log10(
                envelope.get(envelope.size() - 1).flops() / envelope.get(0).flops());
    }

    private static double[] logs(List<Allocation> points, ToDoubleFunction<Allocation> value) {
        return points.stream().mapToDouble(value).map(Math::log).toArray();
    }
}
