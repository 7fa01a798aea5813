package io.straightedge.protocol.law;

import java.util.List;

/**
 * What the covariance of a Chinchilla law's log coefficients says of its answers, by the delta method.
 *
 * <p>sd g = sqrt(grad g' V grad g), V [5][5] in the order (a, b, e, alpha, beta). With X = C/6 and s = alpha + beta,
 * ln N* = ln G + (beta/s) ln X, ln G = (ln alpha + a - ln beta - b)/s; D* = X/N*, so that ln D* has the same sd and ln(D/N)
 * twice it. At the optimum dL = 0 along constant C, so the gradient of L_opt(C) is that of L at (N*, D*). O(1). Parameter
 * uncertainty only: neither the misfit of the law nor the noise of a run is in it, and far from the points it is too narrow.
 * A quadratic form that rounding makes negative counts as 0; never NaN for a finite covariance. Immutable.
 */
public final class LawUncertainty {

    private static final int SIZE = 5;

    private final ChinchillaLaw law;
    private final double[][] covariance = new double[SIZE][SIZE];

    /** @param covariance five rows of five finite numbers */
    public LawUncertainty(ChinchillaLaw law, List<List<Double>> covariance) {
        if (covariance.size() != SIZE || covariance.stream().anyMatch(row -> row.size() != SIZE)) {
            throw new IllegalArgumentException("the covariance of a Chinchilla law has five rows of five numbers");
        }
        this.law = law;
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                this.covariance[i][j] = covariance.get(i).get(j);
            }
        }
    }

    /** Standard deviation of ln N*(C). */
    public double sdLogParams(double flops) {
        double s = law.alpha() + law.beta();
        double logG = Math.log(law.scaleG());
        double logX = Math.log(flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN);
        return sd(new double[] {
            1 / s,
            -1 / s,
            0,
            1 / (law.alpha() * s) - logG / s - law.beta() / (s * s) * logX,
            -1 / (law.beta() * s) - logG / s + law.alpha() / (s * s) * logX
        });
    }

    /** Standard deviation of ln D*(C). */
    public double sdLogTokens(double flops) {
        return sdLogParams(flops);
    }

    /** Standard deviation of ln(D/N) at the optimum for C. */
    public double sdLogTokensPerParam(double flops) {
        return 2 * sdLogParams(flops);
    }

    /** Standard deviation of the exponent of N* in C, beta/(alpha+beta). */
    public double sdExponentOfParams() {
        double s = law.alpha() + law.beta();
        return sd(new double[] {0, 0, 0, -law.beta() / (s * s), law.alpha() / (s * s)});
    }

    /** Standard deviation of L(N, D), nats per token. */
    public double sdLoss(double params, double tokens) {
        double[] gradient = new double[SIZE];
        law.gradient(params, tokens, gradient);
        return sd(gradient);
    }

    /** Standard deviation of L_opt(C), nats per token. */
    public double sdOptimalLoss(double flops) {
        Allocation optimum = law.optimum(flops);
        return sdLoss(optimum.params(), optimum.tokens());
    }

    private double sd(double[] gradient) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                sum += gradient[i] * covariance[i][j] * gradient[j];
            }
        }
        return Math.sqrt(Math.max(0, sum));
    }
}
