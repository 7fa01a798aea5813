package io.straightedge.protocol.law;

import java.util.List;

/**
 * What the covariance of a law's coefficients says of its answers, by the delta method.
 *
 * <p>sd g = sqrt(grad g' V grad g), V [p][p] in theta's order. At the optimum dL = 0 along constant C, so the gradient of
 * L_opt(C) is that of L at (N*, D*). As D* = (C/6)/N*, ln D* has the sd of ln N* and ln(D/N) twice it.
 *
 * <p>The gradient of ln N* is in closed form for the Chinchilla law: ln N* = ln G + (beta/s) ln X, X = C/6, s = alpha +
 * beta, ln G = (ln alpha + a - ln beta - b)/s. For other laws it is a central difference with a step of 1e-5 max(1,
 * |theta|), halved until both sides are laws, good to about 1e-8 relative; it costs 2p optima and needs N* to move
 * smoothly with theta.
 *
 * <p>Parameter uncertainty only: neither the misfit of the law nor the noise of a run is in it, and far from the points
 * it is too narrow. A quadratic form that rounding makes negative counts as 0. Never NaN for a finite covariance; with
 * infinite entries the answers that depend on them are infinite. Immutable.
 */
public final class LawUncertainty {

    private static final double STEP = 1e-5;
    private static final int HALVINGS = 30;

    /** Where the exponent of N* is taken when no budget is named. */
    private static final double USUAL_FLOPS = 1e21;

    private final SurfaceLaw law;
    private final double[][] covariance;

    /** @param covariance as many rows as the law has coefficients, each of as many numbers */
    public LawUncertainty(SurfaceLaw law, List<List<Double>> covariance) {
        int size = law.size();
        if (covariance.size() != size || covariance.stream().anyMatch(row -> row.size() != size)) {
            throw new IllegalArgumentException(
                    "the covariance of a law of " + law.names() + " has " + size + " rows of " + size + " numbers");
        }
        this.law = law;
        this.covariance = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                this.covariance[i][j] = covariance.get(i).get(j);
            }
        }
    }

    /** Standard deviation of ln N*(C). */
    public double sdLogParams(double flops) {
        return sd(gradientOfLogParams(flops));
    }

    /** Standard deviation of ln D*(C). */
    public double sdLogTokens(double flops) {
        return sdLogParams(flops);
    }

    /** Standard deviation of ln(D/N) at the optimum for C. */
    public double sdLogTokensPerParam(double flops) {
        return 2 * sdLogParams(flops);
    }

    /** Standard deviation of the exponent of N* in C; of a law whose exponent varies with C, that at 1e21 FLOPs. */
    public double sdExponentOfParams() {
        return sdExponentOfParams(USUAL_FLOPS);
    }

    /** Standard deviation of d ln N*&#47;d ln C at C, the slope over a factor of e either way. */
    public double sdExponentOfParams(double flops) {
        double[] above = gradientOfLogParams(flops * Math.E);
        double[] below = gradientOfLogParams(flops / Math.E);
        double[] gradient = new double[above.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (above[i] - below[i]) / 2;
        }
        return sd(gradient);
    }

    /** Standard deviation of L(N, D), nats per token. */
    public double sdLoss(double params, double tokens) {
        double[] gradient = new double[law.size()];
        law.gradient(params, tokens, gradient);
        return sd(gradient);
    }

    /** Standard deviation of L_opt(C), nats per token. */
    public double sdOptimalLoss(double flops) {
        Allocation optimum = law.optimum(flops);
        return sdLoss(optimum.params(), optimum.tokens());
    }

    private double[] gradientOfLogParams(double flops) {
        return law instanceof ChinchillaLaw chinchilla
                ? closedGradientOfLogParams(chinchilla, flops)
                : differencesOfLogParams(flops);
    }

    private static double[] closedGradientOfLogParams(ChinchillaLaw law, double flops) {
        double s = law.alpha() + law.beta();
        double logG = Math.log(law.scaleG());
        double logX = Math.log(flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN);
        return new double[] {
            1 / s,
            -1 / s,
            0,
            1 / (law.alpha() * s) - logG / s - law.beta() / (s * s) * logX,
            -1 / (law.beta() * s) - logG / s + law.alpha() / (s * s) * logX
        };
    }

    private double[] differencesOfLogParams(double flops) {
        double[] theta = law.theta();
        double[] gradient = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            // ln E of a law without E is infinite, and N* does not depend on E
            gradient[i] = Double.isFinite(theta[i]) ? difference(theta, i, flops) : 0;
        }
        return gradient;
    }

    private double difference(double[] theta, int index, double flops) {
        double step = STEP * Math.max(1, Math.abs(theta[index]));
        for (int i = 0; ; i++) {
            try {
                return (logParams(theta, index, step, flops) - logParams(theta, index, -step, flops)) / (2 * step);
            } catch (IllegalArgumentException noLaw) {
                if (i == HALVINGS) {
                    throw noLaw;
                }
                step /= 2;
            }
        }
    }

    private double logParams(double[] theta, int index, double step, double flops) {
        double[] moved = theta.clone();
        moved[index] += step;
        return Math.log(law.withTheta(moved).optimum(flops).params());
    }

    private double sd(double[] gradient) {
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            for (int j = 0; j < gradient.length; j++) {
                if (gradient[i] != 0 && gradient[j] != 0) {
                    sum += gradient[i] * covariance[i][j] * gradient[j];
                }
            }
        }
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : Math.sqrt(Math.max(0, sum));
    }
}
