package io.straightedge.fitter.history;

/**
 * By what a method's standard deviations fell short of its errors in a study: c = sqrt((sum min(z^2, 25) + 4 c0^2) / (n
 * + 4)), z error over standard deviation on finished runs that the method had not seen, c0 what is usual.
 */
final class Reliability {

    private static final double MOST_SQUARE = 25;
    private static final double USUAL_RUNS = 4;
    private static final double ENTRY = 4;
    private static final double UNLIKE = 5;

    private Reliability() {}

    /** c from the ratios {@code z} [n]. */
    static double of(double[] z, double usual) {
        double sum = USUAL_RUNS * usual * usual;
        int n = 0;
        for (double each : z) {
            if (Double.isFinite(each)) {
                sum += Math.min(MOST_SQUARE, each * each);
                n++;
            }
        }
        return Math.sqrt(sum / (n + USUAL_RUNS));
    }

    /**
     * What a regression on {@code n} runs is widened by besides, so that it comes in slowly: sqrt(1 + 4/(n - 4)), n
     * &gt; 4.
     */
    static double entry(int n) {
        return Math.sqrt(1 + ENTRY / Math.max(1, n - ENTRY));
    }

    /**
     * The same where fewer than five of the {@code n} runs have the remaining schedule of the run in question: what is
     * left to fall depends on it, the more so the less there is.
     */
    static double unlike(int n, double fraction) {
        return entry(n) * (1 + UNLIKE * fraction);
    }
}
