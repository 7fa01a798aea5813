package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import java.util.List;
import java.util.Locale;

/**
 * The range of D/N that a law's runs cover, and what to say of a plan outside it. Budgets beyond the data have a caveat
 * of their own; along a constant budget it is D/N that leaves the data.
 *
 * @param leastRatio NaN when no runs are known
 */
record Support(double leastRatio, double mostRatio) {

    /** Beyond this factor of what was seen it is worth a word. */
    private static final double FAR = 1.5;

    static Support of(LawEstimate estimate) {
        double[] ratios = estimate.points().stream()
                .filter(point -> point.weight() > 0)
                .mapToDouble(Support::ratio)
                .sorted()
                .toArray();
        return ratios.length == 0
                ? new Support(Double.NaN, Double.NaN)
                : new Support(ratios[0], ratios[ratios.length - 1]);
    }

    /** Words, if it is outside. */
    List<String> beyond(double params, double tokens) {
        double ratio = tokens / params;
        if (ratio > FAR * mostRatio) {
            return List.of(String.format(
                    Locale.ROOT,
                    "extrapolates in D/N: %s tokens per parameter, the runs have at most %s",
                    factor(ratio),
                    factor(mostRatio)));
        }
        if (ratio < leastRatio / FAR) {
            return List.of(String.format(
                    Locale.ROOT,
                    "extrapolates in D/N: %s tokens per parameter, the runs have at least %s",
                    factor(ratio),
                    factor(leastRatio)));
        }
        return List.of();
    }

    /** Two digits or so. */
    static String factor(double value) {
        if (value >= 10 && value < 1e6) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return value >= 0.1 && value < 10
                ? String.format(Locale.ROOT, "%.1f", value)
                : String.format(Locale.ROOT, "%.1e", value);
    }

    private static double ratio(LawPoint point) {
        return point.tokens() / point.params();
    }
}
