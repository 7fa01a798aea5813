package io.straightedge.fitter.detect;

import java.util.Arrays;

/**
 * The tail of maxima over blocks: P(M &gt; u + x) = p (1 + xi x / s)^(-1/xi) above the 90 % quantile u, with p the share
 * above it.
 *
 * <p>xi in [-.2, .5] and s by largest likelihood on a grid: no optimum to miss.
 *
 * @see "Pickands 1975, Statistical inference using extreme order statistics"
 */
public final class GeneralisedParetoTail {

    private static final double ABOVE = .9;

    private final int block;
    private final double from;
    private final double share;
    private final double shape;
    private final double scale;

    /** @param block observations that each maximum is of */
    public GeneralisedParetoTail(double[] maxima, int block) {
        double[] sorted = maxima.clone();
        Arrays.sort(sorted);
        this.block = block;
        this.from = sorted[(int) (ABOVE * sorted.length)];
        double[] excess = Arrays.stream(sorted)
                .filter(value -> value > from)
                .map(value -> value - from)
                .toArray();
        this.share = excess.length / (double) sorted.length;
        double mean = Arrays.stream(excess).average().orElseThrow();
        double best = Double.NEGATIVE_INFINITY;
        double bestShape = 0;
        double bestScale = mean;
        for (int i = 0; i <= 35; i++) {
            double xi = -.2 + .02 * i + 1e-9;
            for (double s = .2 * mean; s < 3 * mean; s *= 1.05) {
                double likelihood = likelihood(excess, xi, s);
                if (likelihood > best) {
                    best = likelihood;
                    bestShape = xi;
                    bestScale = s;
                }
            }
        }
        this.shape = bestShape;
        this.scale = bestScale;
    }

    private static double likelihood(double[] excess, double xi, double s) {
        double sum = 0;
        for (double x : excess) {
            double t = 1 + xi * x / s;
            if (t <= 0) {
                return Double.NEGATIVE_INFINITY;
            }
            sum -= Math.log(s) + (1 + 1 / xi) * Math.log(t);
        }
        return sum;
    }

    /** What is exceeded once in so many observations. */
    public double level(double observations) {
        return from + scale / shape * (Math.pow(share * observations / block, shape) - 1);
    }
}
