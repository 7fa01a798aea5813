package io.straightedge.fitter.doubt;

import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.LawPoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What contradicts itself in points: C against 6ND, a row against all others. Each rule gives its words, or nothing.
 */
final class MisprintRules {

    /** log10 of C/6ND beyond which a row is misprinted, when the others agree. */
    private static final double APART = 0.15;

    /** log10 within which C is 6ND to the rounding of a table. */
    private static final double AGREES = 0.03;
    /** More rows than this part are no misprints but another way of counting. */
    private static final double MOST_MISPRINTS = 0.1;

    private static final double LOG_TEN = Math.log(10);
    /** log10 of a factor that is ten but for rounding. */
    private static final double NEAR_TEN = 0.05;

    private static final int LEAST_RATIOS = 3;
    private static final int LEAST_ROWS = 12;
    private static final double FAR = 8;
    private static final double NEAR = 2;
    private static final double LEAST_OFF = 0.05;

    private MisprintRules() {}

    /** A row whose C is far from 6ND while the median row agrees has a misprint in one of the three. */
    static List<String> flops(LawPoints points, PointNotes notes) {
        double[] ratio = ratios(points);
        return misprinted(ratio)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "%s: C is %.3g, 6ND is %.3g, %s",
                        notes.name(i),
                        points.flops(i),
                        points.flops(i) / Math.pow(10, ratio[i]),
                        Math.abs(Math.abs(ratio[i]) - 1) < NEAR_TEN
                                ? "a power of ten apart: suspect a misprint"
                                : "far apart where the other rows agree: suspect a misprint"))
                .toList();
    }

    /** Where C is not 6ND throughout, it counts something else, and advice under C = 6ND is not about this C. */
    @Nullable
    static String otherFlops(LawPoints points) {
        double[] all = ratios(points);
        int[] misprinted = misprinted(all).toArray();
        double[] ratio = IntStream.range(0, all.length)
                .filter(i -> Arrays.binarySearch(misprinted, i) < 0)
                .mapToDouble(i -> all[i])
                .toArray();
        if (ratio.length == 0) {
            return null;
        }
        double median = quantile(ratio, 0.5);
        double low = quantile(ratio, 0.1);
        double high = quantile(ratio, 0.9);
        boolean agrees = Math.abs(median) <= AGREES && high - low <= 2 * AGREES;
        return agrees
                ? null
                : String.format(
                        Locale.ROOT,
                        "C is not 6ND: %.3g of it in the median, %.3g to %.3g in most rows",
                        Math.pow(10, median),
                        Math.pow(10, low),
                        Math.pow(10, high));
    }

    /** Rows, rising, whose log10 of C/6ND is far off where the median row's is not; none where they are many. */
    private static IntStream misprinted(double[] ratio) {
        if (ratio.length < LEAST_RATIOS || Math.abs(quantile(ratio, 0.5)) > AGREES) {
            return IntStream.empty();
        }
        int[] far = IntStream.range(0, ratio.length)
                .filter(i -> Math.abs(ratio[i]) > APART)
                .toArray();
        return far.length <= most(ratio.length) ? Arrays.stream(far) : IntStream.empty();
    }

    private static double most(int rows) {
        return Math.max(1, MOST_MISPRINTS * rows);
    }

    /** A row far off the surface of the others that a factor of ten in N or D would bring onto it. */
    static List<String> powerOfTen(LawPoints points, PointNotes notes) {
        List<String> words = new ArrayList<>();
        if (points.size() < LEAST_ROWS) {
            return words;
        }
        LogSurface surface = new LogSurface(points);
        double sd = Math.max(surface.sd(), FitOptions.DEFAULT.leastSigma());
        for (int i = 0; i < points.size(); i++) {
            if (Math.abs(surface.residual(i)) > Math.max(FAR * sd, LEAST_OFF)) {
                String slip = slip(points, surface, i, NEAR * sd);
                if (slip != null) {
                    words.add(notes.name(i) + ": the loss is off by "
                            + Math.round(100 * Math.expm1(surface.residual(i))) + " %, and fits with " + slip
                            + ": suspect a misprint");
                }
            }
        }
        return words.size() <= most(points.size()) ? words : List.of();
    }

    /** The only power of ten that explains row {@code i}; null where none or several do. */
    private static @Nullable String slip(LawPoints points, LogSurface surface, int i, double near) {
        String found = null;
        int[][] slips = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, -1}, {-1, 1}};
        for (int[] slip : slips) {
            double params = points.params(i) * Math.pow(10, slip[0]);
            double tokens = points.tokens(i) * Math.pow(10, slip[1]);
            boolean inside = within(points, params, tokens, i);
            if (inside && Math.abs(surface.residual(i, slip[0] * LOG_TEN, slip[1] * LOG_TEN)) < near) {
                if (found != null) {
                    return null;
                }
                found = slip[0] == 0
                        ? String.format(Locale.ROOT, "D = %.3g", tokens)
                        : String.format(Locale.ROOT, "N = %.3g", params)
                                + (slip[1] == 0 ? "" : String.format(Locale.ROOT, " and D = %.3g", tokens));
            }
        }
        return found;
    }

    /** Whether the other points reach as far as (params, tokens). */
    private static boolean within(LawPoints points, double params, double tokens, int except) {
        double[] n = new double[points.size()];
        double[] d = new double[points.size()];
        for (int i = 0; i < n.length; i++) {
            int from = i == except ? (i + 1) % n.length : i;
            n[i] = points.params(from);
            d[i] = points.tokens(from);
        }
        Arrays.sort(n);
        Arrays.sort(d);
        return params >= n[0] && params <= n[n.length - 1] && tokens >= d[0] && tokens <= d[d.length - 1];
    }

    /** log10 of C/6ND of each row. */
    private static double[] ratios(LawPoints points) {
        double[] ratio = new double[points.size()];
        Arrays.setAll(ratio, i -> Math.log10(points.flops(i) / (6 * points.params(i) * points.tokens(i))));
        return ratio;
    }

    private static double quantile(double[] values, double level) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = level * (sorted.length - 1);
        int low = (int) Math.floor(at);
        return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
    }
}
