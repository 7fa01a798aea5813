package io.straightedge.fitter.history;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.fitter.solve.PositiveDefinite;

/**
 * A fitted regression on runs: what a further run's target will be, and how far off that may be.
 *
 * <p>y = f(x) + e with f a Gaussian process of {@link GroupKernel} and e Student-t of {@value #FREEDOM} degrees, by
 * {@value #REWEIGHTINGS} reweightings w = min(1, 5 / (4 + r^2 / v)): a run that ended oddly does not bend the rest.
 * Fitting is O(n^3); a forecast O(n^2). Refused when the covariance is singular to working precision. Immutable.
 *
 * @see "Rasmussen and Williams, Gaussian Processes for Machine Learning, algorithm 2.1; 5.12 for leaving one out"
 */
final class GaussianProcess {

    private static final double FREEDOM = 4;
    private static final int REWEIGHTINGS = 4;
    /** Added to the diagonal, in units of the targets' variance. */
    private static final double JITTER = 1e-8;

    private final GroupKernel.At kernel;
    private final double[][] x;
    private final double centre;
    private final double scale;
    private final double[] solution;
    private final PositiveDefinite factor;
    private final double[] weight;

    private GaussianProcess(
            GroupKernel.At kernel,
            double[][] x,
            double centre,
            double scale,
            double[] solution,
            PositiveDefinite factor,
            double[] weight) {
        this.kernel = kernel;
        this.x = x;
        this.centre = centre;
        this.scale = scale;
        this.solution = solution;
        this.factor = factor;
        this.weight = weight;
    }

    /** A forecast in the targets' units; {@code sd} with one run's noise. */
    record Moments(double mean, double sd) {}

    /**
     * Fits {@code targets} [n] at {@code features} [n][p], standardised.
     *
     * @param centre taken off the targets
     * @param scale the unit of the targets, &gt; 0
     */
    static Outcome<GaussianProcess> fit(
            GroupKernel.At kernel, double[][] features, double[] targets, double centre, double scale) {
        int n = targets.length;
        double[] y = new double[n];
        double[] weight = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = (targets[i] - centre) / scale;
            weight[i] = 1;
        }
        double[][] covariance = kernel.matrix(features);
        double noise = kernel.noise();
        for (int pass = 0; ; pass++) {
            if (!(factor(covariance, noise, weight) instanceof Outcome.Found<PositiveDefinite> found)) {
                return Outcome.refused("the runs' covariance is singular");
            }
            double[] solution = found.value().solve(y);
            if (pass == REWEIGHTINGS) {
                return new Outcome.Found<>(
                        new GaussianProcess(kernel, features, centre, scale, solution, found.value(), weight));
            }
            for (int i = 0; i < n; i++) {
                double residual = solution[i] * (noise / weight[i] + JITTER);
                weight[i] = Math.min(1, (FREEDOM + 1) / (FREEDOM + residual * residual / noise));
            }
        }
    }

    /** The target of a run with standardised {@code features} [p]. */
    Moments predict(double[] features) {
        int n = x.length;
        double[] k = new double[n];
        double mean = 0;
        for (int i = 0; i < n; i++) {
            k[i] = kernel.covariance(features, x[i]);
            mean += k[i] * solution[i];
        }
        double[] solved = factor.solve(k);
        double variance = kernel.covariance(features, features);
        for (int i = 0; i < n; i++) {
            variance -= k[i] * solved[i];
        }
        return new Moments(centre + scale * mean, scale * Math.sqrt(Math.max(0, variance) + kernel.noise()));
    }

    /**
     * Residual (target minus forecast) and standard deviation of each run forecast from all others: [n][2].
     * r_i = (K^-1 y)_i / (K^-1)_ii, variance 1 / (K^-1)_ii - v (1/w_i - 1): a run is not known for an outlier in advance.
     */
    double[][] leaveOneOut() {
        int n = x.length;
        double[][] inverse = factor.inverse();
        double[][] out = new double[n][];
        for (int i = 0; i < n; i++) {
            double precision = inverse[i][i];
            double variance = 1 / precision - kernel.noise() * (1 / weight[i] - 1);
            out[i] = new double[] {scale * solution[i] / precision, scale * Math.sqrt(Math.max(JITTER, variance))};
        }
        return out;
    }

    private static Outcome<PositiveDefinite> factor(double[][] covariance, double noise, double[] weight) {
        int n = weight.length;
        double[][] noisy = new double[n][];
        for (int i = 0; i < n; i++) {
            noisy[i] = covariance[i].clone();
            noisy[i][i] += noise / weight[i] + JITTER;
        }
        return PositiveDefinite.of(noisy);
    }
}
