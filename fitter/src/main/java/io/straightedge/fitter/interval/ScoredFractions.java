package io.straightedge.fitter.interval;

/** The fractions of a run at which its forecasts are kept and scored, even in the logarithm early and even late. */
public final class ScoredFractions {

    private static final double[] FRACTIONS = {
        0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95
    };

    /** From here on the final loss, a mean over the last 2 %, is being seen and no longer forecast. */
    private static final double LAST = 0.98;

    static final int COUNT = FRACTIONS.length;

    private ScoredFractions() {}

    /** The i-th, rising. */
    static double at(int i) {
        return FRACTIONS[i];
    }

    /** The last of them that is at most {@code fraction}; -1 before the first. */
    static int passed(double fraction) {
        int i = COUNT - 1;
        while (i >= 0 && FRACTIONS[i] > fraction) {
            i--;
        }
        return i;
    }

    /** The nearest to {@code fraction} in the logarithm; -1 where forecasts are not scored. */
    static int nearest(double fraction) {
        if (!(fraction > 0 && fraction <= LAST)) {
            return -1;
        }
        int low = passed(fraction);
        if (low < 0) {
            return 2 * Math.log(FRACTIONS[0] / fraction) < Math.log(FRACTIONS[1] / FRACTIONS[0]) ? 0 : -1;
        }
        boolean up = low + 1 < COUNT && fraction * fraction > FRACTIONS[low] * FRACTIONS[low + 1];
        return up ? low + 1 : low;
    }
}
