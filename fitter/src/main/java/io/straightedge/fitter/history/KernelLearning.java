package io.straightedge.fitter.history;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.fitter.solve.PositiveDefinite;
import io.straightedge.fitter.solve.QuasiNewton;
import io.straightedge.fitter.solve.SlopedObjective;

/**
 * Chooses a kernel's hyperparameters by maximum a posteriori.
 *
 * <p>Minimises .5 y'K^-1 y + .5 ln|K| + .5 sum ((h - centre) / sd)^2 by quasi-Newton steps; with W = .5 (K^-1 - a a'),
 * a = K^-1 y, the slope along h_i is tr(W dK/dh_i). O(n^3 + G n^2) an evaluation.
 *
 * @see "Rasmussen and Williams, Gaussian Processes for Machine Learning, 5.8 and 5.9"
 */
final class KernelLearning implements SlopedObjective {

    private static final double JITTER = 1e-8;
    private static final double TOLERANCE = 1e-6;

    private final GroupKernel kernel;
    private final double[] y;
    /** Per pair i &gt; j and group: products and squared distances, [pair][2 G]. */
    private final double[][] pairs;

    private final double[][] diagonal;

    private KernelLearning(GroupKernel kernel, double[][] x, double[] y) {
        this.kernel = kernel;
        this.y = y;
        int n = y.length;
        int groups = kernel.groups();
        pairs = new double[n * (n - 1) / 2][2 * groups];
        diagonal = new double[n][groups];
        for (int i = 0, at = 0; i < n; i++) {
            for (int j = 0; j < x[i].length; j++) {
                diagonal[i][kernel.group(j)] += x[i][j] * x[i][j];
            }
            for (int k = 0; k < i; k++, at++) {
                for (int j = 0; j < x[i].length; j++) {
                    int g = kernel.group(j);
                    double d = x[i][j] - x[k][j];
                    pairs[at][g] += x[i][j] * x[k][j];
                    pairs[at][groups + g] += d * d;
                }
            }
        }
    }

    static KernelLearning of(GroupKernel kernel, double[][] features, double[] targets) {
        return new KernelLearning(kernel, features, targets);
    }

    /** Hyperparameters for standardised features [n][p] and targets [n] of zero median and unit scale. */
    static double[] learn(GroupKernel kernel, double[][] features, double[] targets, int mostIterations) {
        double[] h = kernel.centre();
        QuasiNewton.minimise(of(kernel, features, targets), h, mostIterations, TOLERANCE);
        return h;
    }

    @Override
    public double gradient(double[] h, double[] gradient) {
        int n = y.length;
        int groups = kernel.groups();
        double amplitude = Math.exp(2 * h[2 * groups]);
        double noise = Math.exp(2 * h[2 * groups + 1]);
        double[] line = new double[groups];
        double[] precision = new double[groups];
        for (int g = 0; g < groups; g++) {
            precision[g] = Math.exp(-2 * h[g]);
            line[g] = Math.exp(2 * h[groups + g]);
        }
        double[][] covariance = new double[n][n];
        double[] smooth = new double[pairs.length];
        for (int i = 0, at = 0; i < n; i++) {
            double own = GroupKernel.OFFSET + amplitude + noise + JITTER;
            for (int g = 0; g < groups; g++) {
                own += line[g] * diagonal[i][g];
            }
            covariance[i][i] = own;
            for (int k = 0; k < i; k++, at++) {
                double linear = GroupKernel.OFFSET;
                double distance = 0;
                for (int g = 0; g < groups; g++) {
                    linear += line[g] * pairs[at][g];
                    distance += precision[g] * pairs[at][groups + g];
                }
                smooth[at] = amplitude * Math.exp(-.5 * distance);
                covariance[i][k] = linear + smooth[at];
                covariance[k][i] = covariance[i][k];
            }
        }
        if (!(PositiveDefinite.of(covariance) instanceof Outcome.Found<PositiveDefinite> found)) {
            return Double.POSITIVE_INFINITY;
        }
        double[] solution = found.value().solve(y);
        double value = .5 * found.value().logDeterminant();
        for (int i = 0; i < n; i++) {
            value += .5 * y[i] * solution[i];
        }
        double[] sums = sums(found.value().inverse(), solution, smooth, amplitude);
        double[] centre = kernel.centre();
        for (int i = 0; i < h.length; i++) {
            double off = (h[i] - centre[i]) / kernel.priorSd(i);
            value += .5 * off * off;
            gradient[i] = off / kernel.priorSd(i) + sums[i] * slope(i, groups, precision, line, noise);
        }
        return value;
    }

    /** What turns a sum of W with a derivative's shape into the slope along h_i. */
    private static double slope(int i, int groups, double[] precision, double[] line, double noise) {
        if (i < groups) {
            return precision[i];
        }
        return i < 2 * groups ? 2 * line[i - groups] : i == 2 * groups ? 2 : 2 * noise;
    }

    /** Sums of W with: smooth times distance, product (a group each), smooth, identity. */
    private double[] sums(double[][] inverse, double[] solution, double[] smooth, double amplitude) {
        int n = y.length;
        int groups = kernel.groups();
        double[] sums = new double[kernel.hyperparameters()];
        double trace = 0;
        for (int i = 0, at = 0; i < n; i++) {
            double own = .5 * (inverse[i][i] - solution[i] * solution[i]);
            for (int g = 0; g < groups; g++) {
                sums[groups + g] += own * diagonal[i][g];
            }
            trace += own;
            sums[2 * groups] += own * amplitude;
            for (int k = 0; k < i; k++, at++) {
                double twice = inverse[i][k] - solution[i] * solution[k];
                double weighted = twice * smooth[at];
                sums[2 * groups] += weighted;
                for (int g = 0; g < groups; g++) {
                    sums[g] += weighted * pairs[at][groups + g];
                    sums[groups + g] += twice * pairs[at][g];
                }
            }
        }
        sums[2 * groups + 1] = trace;
        return sums;
    }
}
