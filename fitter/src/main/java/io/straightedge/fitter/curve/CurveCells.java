package io.straightedge.fitter.curve;

/**
 * The cells of a posterior that carry weight, in struct-of-arrays form.
 *
 * <p>[n] each, but theta [3n] (E, A, C) and factor [6n], the packed lower triangle of L^-1 where L L' is the cell's
 * precision. Filled once, then only read.
 */
final class CurveCells {

    final int n;
    /** sum_i weight[i] = 1. */
    final double[] weight;

    final double[] alpha;
    final double[] offset;
    final int[] shape;
    final double[] tau;
    final double[] theta;
    final double[] factor;

    CurveCells(int n) {
        this.n = n;
        weight = new double[n];
        alpha = new double[n];
        offset = new double[n];
        shape = new int[n];
        tau = new double[n];
        theta = new double[3 * n];
        factor = new double[6 * n];
    }

    void put(
            int i,
            double cellWeight,
            double cellAlpha,
            double cellOffset,
            int cellShape,
            double cellTau,
            double[] thetas,
            int thetaAt,
            double[] factors,
            int factorAt) {
        weight[i] = cellWeight;
        alpha[i] = cellAlpha;
        offset[i] = cellOffset;
        shape[i] = cellShape;
        tau[i] = cellTau;
        System.arraycopy(thetas, thetaAt, theta, 3 * i, 3);
        System.arraycopy(factors, factorAt, factor, 6 * i, 6);
    }

    /** E + A b - C d of cell i. */
    double mean(int i, double b, double d) {
        return theta[3 * i] + theta[3 * i + 1] * b + theta[3 * i + 2] * d;
    }

    /** Variance of {@link #mean} plus tau^2. */
    double variance(int i, double b, double d) {
        int at = 6 * i;
        double x0 = factor[at];
        double x1 = factor[at + 1] + factor[at + 2] * b;
        double x2 = factor[at + 3] + factor[at + 4] * b + factor[at + 5] * d;
        return x0 * x0 + x1 * x1 + x2 * x2 + tau[i] * tau[i];
    }

    /** Posterior mean of {@code values[i * stride + at]}. */
    double average(double[] values, int stride, int at) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += weight[i] * values[i * stride + at];
        }
        return sum;
    }
}
