package io.straightedge.fitter.doubt;

import io.straightedge.fitter.law.LawPoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Whether all losses are of one kind: unit, text, tokenizer. Each rule gives its words, or null. */
final class UnitRules {

    /** Seeds and recipes move a loss by per cents, not by as much as this. */
    private static final double OTHER_KIND = Math.log(1.25);

    private static final int LEAST_PAIRS = 3;
    private static final int LEAST_ROWS = 16;
    private static final double LEAST_SHARE = 0.15;
    /** Two populations lie at least so many of their own standard deviations apart. */
    private static final double CLEAR = 10;

    /** Part of the shift within which a row belongs to a group, and of the rows that may belong to none. */
    private static final double NEAR_GROUP = 0.35;

    private static final double STRAYS = 0.03;

    private static final double BITS = Math.log(1 / Math.log(2));
    private static final double NEAR_BITS = 0.02;
    private static final int ROUNDS = 8;

    private UnitRules() {}

    /** Losses that were logged in several units are several quantities. */
    @Nullable
    static String severalUnits(PointNotes notes) {
        TreeSet<String> units = new TreeSet<>(notes.lossUnits());
        return units.size() > 1
                ? "the losses are in several units (" + String.join(", ", units)
                        + "): convert them to nats per token first"
                : null;
    }

    /** The same N and D with losses a quarter apart, time and again, are losses of two kinds. */
    @Nullable
    static String severalLossesOfOneRun(LawPoints points) {
        Map<List<Double>, double[]> ranges = new LinkedHashMap<>();
        for (int i = 0; i < points.size(); i++) {
            double loss = points.loss(i);
            double[] range = ranges.computeIfAbsent(
                    List.of(points.params(i), points.tokens(i)), key -> new double[] {loss, loss, 0});
            range[0] = Math.min(range[0], loss);
            range[1] = Math.max(range[1], loss);
            range[2]++;
        }
        List<Double> factors = new ArrayList<>();
        int repeated = 0;
        for (double[] range : ranges.values()) {
            repeated += range[2] > 1 ? 1 : 0;
            if (Math.log(range[1] / range[0]) > OTHER_KIND) {
                factors.add(range[1] / range[0]);
            }
        }
        if (factors.size() < LEAST_PAIRS || 2 * factors.size() < repeated) {
            return null;
        }
        double[] sorted = factors.stream().mapToDouble(f -> f).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%d pairs of the same N and D have losses that differ by factors of %.2f to %.2f: two kinds of loss",
                factors.size(),
                sorted[0],
                sorted[sorted.length - 1]);
    }

    /** A factor that parts the losses at like N and D into two clear groups; 1 where there is none. */
    static double commonFactor(LawPoints points) {
        int n = points.size();
        if (n < LEAST_ROWS) {
            return 1;
        }
        double[] residual = residuals(points, new double[n]);
        double[] offset = new double[n];
        double shift = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double cut = round == 0 ? widestGap(residual) : 0.5 * shift;
            boolean[] upper = new boolean[n];
            for (int i = 0; i < n; i++) {
                upper[i] = residual[i] > cut;
            }
            shift = median(residual, upper, true) - median(residual, upper, false);
            if (Double.isNaN(shift)) {
                return 1;
            }
            for (int i = 0; i < n; i++) {
                offset[i] = upper[i] ? shift : 0;
            }
            residual = residuals(points, offset);
        }
        return isClear(residual, shift) ? Math.exp(shift) : 1;
    }

    /** A factor between two groups of losses, in words: the unit where it is that of bits. */
    static String factor(double factor) {
        return isBits(factor)
                ? String.format(
                        Locale.ROOT,
                        "the losses fall into two groups a factor of %.3f apart, as nats and bits do",
                        factor)
                : String.format(
                        Locale.ROOT,
                        "the losses fall into two groups a factor of %.3f apart: two units, texts or tokenizers",
                        factor);
    }

    /** Whether {@code factor} is that between bits and nats. */
    static boolean isBits(double factor) {
        return Math.abs(Math.log(factor) - BITS) < NEAR_BITS;
    }

    /** ln loss over the surface fitted to ln loss less {@code offset}. */
    private static double[] residuals(LawPoints points, double[] offset) {
        LogSurface surface = new LogSurface(points, offset);
        double[] residual = new double[offset.length];
        Arrays.setAll(residual, i -> surface.residual(i) + offset[i]);
        return residual;
    }

    /** The middle of the widest gap that leaves enough on either side. */
    private static double widestGap(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int least = least(values.length);
        double widest = -1;
        double cut = 0;
        for (int i = least; i <= sorted.length - least; i++) {
            if (sorted[i] - sorted[i - 1] > widest) {
                widest = sorted[i] - sorted[i - 1];
                cut = 0.5 * (sorted[i] + sorted[i - 1]);
            }
        }
        return cut;
    }

    private static int least(int n) {
        return Math.max(LEAST_PAIRS, (int) Math.ceil(LEAST_SHARE * n));
    }

    /** Whether two groups lie about 0 and {@code shift}, each large and tight, with next to nothing between. */
    private static boolean isClear(double[] residual, double shift) {
        double square = 0;
        int upper = 0;
        int near = 0;
        for (double r : residual) {
            double off = r > 0.5 * shift ? r - shift : r;
            if (Math.abs(off) <= NEAR_GROUP * shift) {
                square += off * off;
                upper += r > 0.5 * shift ? 1 : 0;
                near++;
            }
        }
        int least = least(residual.length);
        return near >= (1 - STRAYS) * residual.length
                && upper >= least
                && near - upper >= least
                && shift > CLEAR * Math.sqrt(square / near);
    }

    /** The middle of those values whose flag is {@code which}; NaN without any. */
    private static double median(double[] values, boolean[] flag, boolean which) {
        double[] chosen = IntStream.range(0, values.length)
                .filter(i -> flag[i] == which)
                .mapToDouble(i -> values[i])
                .sorted()
                .toArray();
        return chosen.length == 0 ? Double.NaN : chosen[chosen.length / 2];
    }
}
