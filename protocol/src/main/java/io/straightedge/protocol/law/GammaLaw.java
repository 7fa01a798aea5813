package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The Chinchilla law with an exponent about its sum, which lets N and D do each other's work.
 *
 * <p>L(N, D) = E + (A N^-alpha + B D^-beta)^gamma. N parameters, D tokens, both &gt; 0; E &gt;= 0 nats per token, the
 * other coefficients &gt; 0; theta is (ln A, ln B, ln E, alpha, beta, ln gamma). gamma = 1 is Chinchilla's. As the sum
 * alone is to be made least, N*(C) is that of the Chinchilla law with the same A, B, alpha, beta. All O(1).
 *
 * @see "Busbridge et al. 2025, arXiv 2502.08606, the supervised form"
 */
public record GammaLaw(
        @JsonProperty("E") double E,
        @JsonProperty("A") double A,
        @JsonProperty("B") double B,
        double alpha,
        double beta,
        double gamma)
        implements SurfaceLaw {

    private static final List<String> NAMES = List.of("A", "B", "E", "alpha", "beta", "gamma");

    public GammaLaw {
        Coefficient.notNegative("gamma law", "E", E);
        Coefficient.positive("gamma law", "A", A);
        Coefficient.positive("gamma law", "B", B);
        Coefficient.positive("gamma law", "alpha", alpha);
        Coefficient.positive("gamma law", "beta", beta);
        Coefficient.positive("gamma law", "gamma", gamma);
    }

    @Override
    public double loss(double params, double tokens) {
        return E + Math.pow(A * Math.pow(params, -alpha) + B * Math.pow(tokens, -beta), gamma);
    }

    @Override
    public void gradient(double params, double tokens, double[] out) {
        double model = A * Math.pow(params, -alpha);
        double data = B * Math.pow(tokens, -beta);
        double sum = model + data;
        double power = Math.pow(sum, gamma);
        double slope = gamma * power / sum;
        out[0] = slope * model;
        out[1] = slope * data;
        out[2] = E;
        out[3] = -slope * model * Math.log(params);
        out[4] = -slope * data * Math.log(tokens);
        out[5] = gamma * power * Math.log(sum);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(A), Math.log(B), Math.log(E), alpha, beta, Math.log(gamma)};
    }

    @Override
    public GammaLaw withTheta(double[] theta) {
        return new GammaLaw(
                Math.exp(theta[2]), Math.exp(theta[0]), Math.exp(theta[1]), theta[3], theta[4], Math.exp(theta[5]));
    }

    @Override
    public double irreducible() {
        return E;
    }

    @Override
    public double tokensFor(double params, double loss) {
        return loss > E ? sum().tokensFor(params, sumFor(loss)) : Double.POSITIVE_INFINITY;
    }

    @Override
    public Allocation optimum(double flops) {
        Allocation best = sum().optimum(flops);
        return new Allocation(flops, best.params(), best.tokens(), loss(best.params(), best.tokens()));
    }

    @Override
    public double computeFor(double loss) {
        return loss > E ? sum().computeFor(sumFor(loss)) : Double.POSITIVE_INFINITY;
    }

    /** What gamma is the exponent of, as a law without irreducible loss. */
    private ChinchillaLaw sum() {
        return new ChinchillaLaw(0, A, B, alpha, beta);
    }

    private double sumFor(double loss) {
        return Math.pow(loss - E, 1 / gamma);
    }
}
