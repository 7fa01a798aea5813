package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The Chinchilla law.
 *
 * <p>L(N, D) = E + A N^-alpha + B D^-beta. N parameters (&gt; 0), D tokens (&gt; 0), L nats per token; every coefficient
 * &gt; 0 but E, which may be 0. Log coefficients are ordered (a, b, e, alpha, beta) with A = exp a, B = exp b, E = exp e.
 *
 * <p>With C = 6ND the optimum is N* = G (C/6)^(beta/(alpha+beta)), D* = (C/6)/N*, where
 * G = (alpha A / (beta B))^(1/(alpha+beta)), and L(N*, D*) = E + K (C/6)^(-alpha beta/(alpha+beta)) with
 * K = A G^-alpha + B G^beta. All O(1).
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, eq. 2 and 4"
 */
public record ChinchillaLaw(
        @JsonProperty("E") double E,
        @JsonProperty("A") double A,
        @JsonProperty("B") double B,
        double alpha,
        double beta)
        implements SurfaceLaw {

    private static final List<String> NAMES = List.of("A", "B", "E", "alpha", "beta");

    public ChinchillaLaw {
        if (!(E >= 0 && A > 0 && B > 0 && alpha > 0 && beta > 0) || Double.isInfinite(E + A + B + alpha + beta)) {
            throw new IllegalArgumentException("not a Chinchilla law: E=" + E + " A=" + A + " B=" + B + " alpha="
                    + alpha + " beta=" + beta + "; all must be finite, E >= 0 and the others > 0");
        }
    }

    /** The law with the log coefficients (a, b, e, alpha, beta). */
    public static ChinchillaLaw ofLogs(double a, double b, double e, double alpha, double beta) {
        return new ChinchillaLaw(Math.exp(e), Math.exp(a), Math.exp(b), alpha, beta);
    }

    @Override
    public double loss(double params, double tokens) {
        return E + A * Math.pow(params, -alpha) + B * Math.pow(tokens, -beta);
    }

    @Override
    public void gradient(double params, double tokens, double[] out) {
        double n = A * Math.pow(params, -alpha);
        double d = B * Math.pow(tokens, -beta);
        out[0] = n;
        out[1] = d;
        out[2] = E;
        out[3] = -n * Math.log(params);
        out[4] = -d * Math.log(tokens);
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(A), Math.log(B), Math.log(E), alpha, beta};
    }

    @Override
    public ChinchillaLaw withTheta(double[] theta) {
        return ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]);
    }

    @Override
    public double irreducible() {
        return E;
    }

    @Override
    public double tokensFor(double params, double loss) {
        double left = loss - E - A * Math.pow(params, -alpha);
        return left > 0 ? Math.pow(left / B, -1 / beta) : Double.POSITIVE_INFINITY;
    }

    /** G = (alpha A / (beta B))^(1/(alpha+beta)): what the data identify, where A and alpha alone are not. */
    public double scaleG() {
        return Math.pow(alpha * A / (beta * B), 1 / (alpha + beta));
    }

    /** The exponent of N* in C: beta/(alpha+beta). */
    public double exponentOfParams() {
        return beta / (alpha + beta);
    }

    @Override
    public Allocation optimum(double flops) {
        double product = flops / FLOPS_PER_PARAMETER_TOKEN;
        double params = scaleG() * Math.pow(product, exponentOfParams());
        double tokens = product / params;
        return new Allocation(flops, params, tokens, loss(params, tokens));
    }

    @Override
    public double computeFor(double loss) {
        if (loss <= E) {
            return Double.POSITIVE_INFINITY;
        }
        double g = scaleG();
        double k = A * Math.pow(g, -alpha) + B * Math.pow(g, beta);
        return FLOPS_PER_PARAMETER_TOKEN * Math.pow((loss - E) / k, -(alpha + beta) / (alpha * beta));
    }
}
