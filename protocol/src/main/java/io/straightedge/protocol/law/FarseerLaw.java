package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The Farseer law: an irreducible loss, a scale and an exponent of data that all vary with model size.
 *
 * <p>L(N, D) = F(N) + H(N) D^-g(N), F = exp(s N^q + S), H = exp(B N^b + Q), g = exp(A N^a + E). N parameters, D tokens,
 * both &gt; 0. All nine coefficients are plain finite numbers, and theta is (s, q, S, B, b, Q, A, a, E), nothing in
 * logarithms: E here is no loss. Weakly identified: for more than about 50 points over more than two decades.
 *
 * <p>{@link #optimum} finds the root of dL/dlnN along C = 6ND, D/N from 1e6 down to 1e-3, by 256 cells and bisection;
 * N* to about 1e-14, some 300 evaluations. Of several minima it takes the least; where the loss has none inside that
 * range, it gives the better end, which says that the law was carried too far. {@link #computeFor} bisects ln C between
 * 1e6 and 1e45 FLOPs, some 20,000 evaluations, taking the least loss to fall with C; a loss that 1e6 FLOPs already
 * reach gives 1e6. Where the exponentials overflow the loss is infinite; never NaN.
 *
 * @see "Li et al. 2025, arXiv 2506.10972, the final form of L(N, D)"
 */
public record FarseerLaw(
        double s,
        double q,
        @JsonProperty("S") double S,
        @JsonProperty("B") double B,
        double b,
        @JsonProperty("Q") double Q,
        @JsonProperty("A") double A,
        double a,
        @JsonProperty("E") double E)
        implements SurfaceLaw {

    private static final List<String> NAMES = List.of("s", "q", "S", "B", "b", "Q", "A", "a", "E");
    private static final int CELLS = 256;
    private static final double MOST_TOKENS_PER_PARAM = 1e6;
    private static final double FEWEST_TOKENS_PER_PARAM = 1e-3;
    private static final double LEAST_FLOPS = 1e6;
    private static final double MOST_FLOPS = 1e45;

    public FarseerLaw {
        double[] values = {s, q, S, B, b, Q, A, a, E};
        for (int i = 0; i < values.length; i++) {
            Coefficient.finite("Farseer law", NAMES.get(i), values[i]);
        }
    }

    @Override
    public double loss(double params, double tokens) {
        double loss = floor(params) + excess(params, tokens);
        return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    }

    @Override
    public void gradient(double params, double tokens, double[] out) {
        double logN = Math.log(params);
        double floor = floor(params);
        double excess = excess(params, tokens);
        double byExponent = -excess * Math.log(tokens) * exponent(params);
        term(out, 0, floor, s, q, logN);
        term(out, 3, excess, B, b, logN);
        term(out, 6, byExponent, A, a, logN);
    }

    /** Writes the gradient of exp(c N^p + k) by (c, p, k), or of a function of it with {@code slope} by its exponent. */
    private static void term(double[] out, int at, double slope, double c, double p, double logN) {
        double power = Math.exp(p * logN);
        out[at] = slope * power;
        out[at + 1] = slope * c * power * logN;
        out[at + 2] = slope;
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {s, q, S, B, b, Q, A, a, E};
    }

    @Override
    public FarseerLaw withTheta(double[] theta) {
        return new FarseerLaw(theta[0], theta[1], theta[2], theta[3], theta[4], theta[5], theta[6], theta[7], theta[8]);
    }

    /**
     * The limit of F(N), data first and model second: exp S for q &lt; 0; for q &gt; 0 it is 0 if s &lt; 0, infinite if
     * s &gt; 0.
     */
    @Override
    public double irreducible() {
        if (q < 0 || s == 0) {
            return Math.exp(S);
        }
        if (q == 0) {
            return Math.exp(s + S);
        }
        return s < 0 ? 0 : Double.POSITIVE_INFINITY;
    }

    @Override
    public double tokensFor(double params, double loss) {
        double left = loss - floor(params);
        if (!(left > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double logTokens = (B * Math.pow(params, b) + Q - Math.log(left)) / exponent(params);
        return Double.isNaN(logTokens) ? Double.POSITIVE_INFINITY : Math.exp(logTokens);
    }

    @Override
    public Allocation optimum(double flops) {
        double product = flops / FLOPS_PER_PARAMETER_TOKEN;
        double low = Math.sqrt(product / MOST_TOKENS_PER_PARAM);
        double high = Math.sqrt(product / FEWEST_TOKENS_PER_PARAM);
        double step = Math.log(high / low) / CELLS;
        Allocation end = better(at(flops, low), at(flops, high));
        Allocation best = null;
        double previous = slope(low, product);
        for (int i = 1; i <= CELLS; i++) {
            double right = low * Math.exp(i * step);
            double slope = slope(right, product);
            if (previous <= 0 && slope > 0) {
                Allocation found =
                        at(flops, LogLine.root(n -> slope(n, product), low * Math.exp((i - 1) * step), right));
                best = best == null ? found : better(best, found);
            }
            previous = slope;
        }
        return best == null ? end : best;
    }

    @Override
    public double computeFor(double loss) {
        if (optimum(MOST_FLOPS).loss() > loss) {
            return Double.POSITIVE_INFINITY;
        }
        return LogLine.root(flops -> loss - optimum(flops).loss(), LEAST_FLOPS, MOST_FLOPS);
    }

    private Allocation at(double flops, double params) {
        double tokens = flops / FLOPS_PER_PARAMETER_TOKEN / params;
        return new Allocation(flops, params, tokens, loss(params, tokens));
    }

    private static Allocation better(Allocation one, Allocation other) {
        return other.loss() < one.loss() ? other : one;
    }

    /** dL/dlnN at constant N D, nats per token. */
    private double slope(double params, double product) {
        double logTokens = Math.log(product / params);
        double exponent = exponent(params);
        double ofFloor = floor(params) * s * q * Math.pow(params, q);
        double ofScale = B * b * Math.pow(params, b);
        double ofExponent = logTokens * exponent * A * a * Math.pow(params, a);
        return ofFloor + excess(params, product / params) * (ofScale - ofExponent + exponent);
    }

    private double floor(double params) {
        return Math.exp(s * Math.pow(params, q) + S);
    }

    private double excess(double params, double tokens) {
        return Math.exp(B * Math.pow(params, b) + Q - exponent(params) * Math.log(tokens));
    }

    private double exponent(double params) {
        return Math.exp(A * Math.pow(params, a) + E);
    }
}
