package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The law of over-training: parallel lines in log C, one for each number of tokens per parameter.
 *
 * <p>L(C, M) = E + (a M^eta + b M^-eta) C^-eta, M = D/N, C = 6ND. E &gt;= 0 nats per token, a, b, eta &gt; 0; theta is
 * (ln a, ln b, ln E, eta). Since M/C = 1/(6N^2) and 1/(MC) = 1/(6D^2) it is the Chinchilla law with
 * alpha = beta = 2 eta, A = a 6^-eta, B = b 6^-eta; hence M* = (b/a)^(1/(2 eta)) whatever the budget. All O(1).
 *
 * @see "Gadre et al. 2024, arXiv 2403.08540, the law in C and M"
 */
public record OvertrainingLaw(@JsonProperty("E") double E, double a, double b, double eta) implements SurfaceLaw {

    private static final List<String> NAMES = List.of("a", "b", "E", "eta");

    public OvertrainingLaw {
        Coefficient.notNegative("law of over-training", "E", E);
        Coefficient.positive("law of over-training", "a", a);
        Coefficient.positive("law of over-training", "b", b);
        Coefficient.positive("law of over-training", "eta", eta);
    }

    /** Loss of {@code flops} (&gt; 0) spent at {@code tokensPerParam} (&gt; 0), nats per token. */
    public double lossAt(double flops, double tokensPerParam) {
        double power = Math.pow(tokensPerParam, eta);
        return E + (a * power + b / power) * Math.pow(flops, -eta);
    }

    /** The same law in N and D. */
    public ChinchillaLaw toChinchilla() {
        double unit = Math.pow(FLOPS_PER_PARAMETER_TOKEN, -eta);
        return new ChinchillaLaw(E, a * unit, b * unit, 2 * eta, 2 * eta);
    }

    @Override
    public double loss(double params, double tokens) {
        return E + model(params) + data(tokens);
    }

    @Override
    public void gradient(double params, double tokens, double[] out) {
        double model = model(params);
        double data = data(tokens);
        out[0] = model;
        out[1] = data;
        out[2] = E;
        out[3] = -model * logSquare(params) - data * logSquare(tokens);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(a), Math.log(b), Math.log(E), eta};
    }

    @Override
    public OvertrainingLaw withTheta(double[] theta) {
        return new OvertrainingLaw(Math.exp(theta[2]), Math.exp(theta[0]), Math.exp(theta[1]), theta[3]);
    }

    @Override
    public double irreducible() {
        return E;
    }

    @Override
    public double tokensFor(double params, double loss) {
        return toChinchilla().tokensFor(params, loss);
    }

    @Override
    public Allocation optimum(double flops) {
        return toChinchilla().optimum(flops);
    }

    @Override
    public double computeFor(double loss) {
        return toChinchilla().computeFor(loss);
    }

    private double model(double params) {
        return a * Math.exp(-eta * logSquare(params));
    }

    private double data(double tokens) {
        return b * Math.exp(-eta * logSquare(tokens));
    }

    /** ln(6 x^2): of x = N it is ln(C/M), of x = D it is ln(CM). */
    private static double logSquare(double x) {
        return Math.log(FLOPS_PER_PARAMETER_TOKEN) + 2 * Math.log(x);
    }
}
