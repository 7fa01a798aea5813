package io.straightedge.protocol.law;

import java.util.Arrays;
import java.util.List;

/**
 * The Chinchilla law where data repeats: repeated tokens and surplus parameters are worth less and less.
 *
 * <p>L(N, D, U) = E + A N'^-alpha + B D'^-beta with U_D = min(U, D) unique tokens seen, R_D = D/U_D - 1 repetitions, D'
 * = U_D (1 + r_D (1 - exp(-R_D/r_D))); N_opt(U_D) = G (G U_D)^(beta/alpha) the model that U_D tokens feed at the
 * optimum, U_N = min(N, N_opt), R_N = N/U_N - 1, N' = U_N (1 + r_N (1 - exp(-R_N/r_N))). N parameters, D tokens trained
 * on, U tokens that exist, all &gt; 0; r_D {@code repeatDecayTokens}, r_N {@code repeatDecayParams}, both &gt; 0. theta
 * is that of the base, then (ln r_D, ln r_N).
 *
 * <p>Without U it is the base itself, so that the last two of the gradient are 0. Note that the form makes surplus
 * parameters worth less even where nothing repeats: at U &gt;= D it is the base only for N &lt;= N_opt(D), which holds
 * at and below the optimum. It cannot say that repetition does harm. {@link #limitedTo} is the law at one U. All O(1).
 *
 * @see "Muennighoff et al. 2023, arXiv 2305.16264, section 3"
 */
public record DataConstrainedLaw(ChinchillaLaw base, double repeatDecayTokens, double repeatDecayParams)
        implements SurfaceLaw {

    private static final List<String> NAMES =
            List.of("A", "B", "E", "alpha", "beta", "repeatDecayTokens", "repeatDecayParams");

    /** Places of the decays in theta. */
    static final int TOKENS = 5;

    static final int PARAMS = 6;

    public DataConstrainedLaw {
        if (base == null) {
            throw new IllegalArgumentException("a data-constrained law needs its base, a Chinchilla law");
        }
        Coefficient.positive("data-constrained law", "repeatDecayTokens", repeatDecayTokens);
        Coefficient.positive("data-constrained law", "repeatDecayParams", repeatDecayParams);
    }

    /** The law for a budget of training tokens of which only {@code uniqueTokens} (&gt; 0, may be infinite) exist. */
    public LimitedDataLaw limitedTo(double uniqueTokens) {
        return new LimitedDataLaw(this, uniqueTokens);
    }

    /** Loss of {@code params} trained on {@code tokens} drawn from {@code uniqueTokens}, nats per token. */
    public double loss(double params, double tokens, double uniqueTokens) {
        return base.loss(effectiveParams(params, tokens, uniqueTokens), effectiveTokens(tokens, uniqueTokens));
    }

    /** D': the fresh tokens that would do as much as {@code tokens} drawn from {@code uniqueTokens}. */
    public double effectiveTokens(double tokens, double uniqueTokens) {
        return tokens <= uniqueTokens ? tokens : decayed(uniqueTokens, tokens, repeatDecayTokens);
    }

    /** N': the parameters that the unique tokens can feed, out of {@code params}. */
    public double effectiveParams(double params, double tokens, double uniqueTokens) {
        double fed = paramsFedBy(Math.min(tokens, uniqueTokens));
        return params <= fed ? params : decayed(fed, params, repeatDecayParams);
    }

    /** N_opt: the model size for which {@code uniqueTokens} seen once are the base law's optimum. */
    public double paramsFedBy(double uniqueTokens) {
        double g = base.scaleG();
        return g * Math.pow(g * uniqueTokens, base.beta() / base.alpha());
    }

    /** How often each unique token is seen: D/U_D, at least 1. */
    public double epochs(double tokens, double uniqueTokens) {
        return Math.max(1, tokens / uniqueTokens);
    }

    /** The allocation of {@code flops} with the least loss when only {@code uniqueTokens} exist. */
    public Allocation optimum(double flops, double uniqueTokens) {
        return limitedTo(uniqueTokens).optimum(flops);
    }

    private static double decayed(double unique, double total, double decay) {
        return unique * (1 - decay * Math.expm1(-(total / unique - 1) / decay));
    }

    @Override
    public double loss(double params, double tokens) {
        return base.loss(params, tokens);
    }

    @Override
    public void gradient(double params, double tokens, double[] out) {
        base.gradient(params, tokens, out);
        out[TOKENS] = 0;
        out[PARAMS] = 0;
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        double[] theta = Arrays.copyOf(base.theta(), NAMES.size());
        theta[TOKENS] = Math.log(repeatDecayTokens);
        theta[PARAMS] = Math.log(repeatDecayParams);
        return theta;
    }

    @Override
    public DataConstrainedLaw withTheta(double[] theta) {
        return new DataConstrainedLaw(base.withTheta(theta), Math.exp(theta[TOKENS]), Math.exp(theta[PARAMS]));
    }

    @Override
    public double irreducible() {
        return base.irreducible();
    }

    @Override
    public double tokensFor(double params, double loss) {
        return base.tokensFor(params, loss);
    }

    @Override
    public Allocation optimum(double flops) {
        return base.optimum(flops);
    }

    @Override
    public double computeFor(double loss) {
        return base.computeFor(loss);
    }
}
