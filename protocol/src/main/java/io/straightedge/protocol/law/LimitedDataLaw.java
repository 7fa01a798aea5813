package io.straightedge.protocol.law;

import java.util.List;

/**
 * A data-constrained law at one number U of unique tokens: L(N, D) = L(N, D, U), its optimum and its inverses.
 *
 * <p>Where the base's optimum needs no more than U tokens, it is the optimum here too. Beyond, D &gt;= U, and along C =
 * 6ND the least loss lies where one more part of ln N gains what one more part of ln D costs, alpha A N'^-alpha (N/N')
 * exp(-R_N/r_N) = beta B D'^-beta (D/D') exp(-R_D/r_D), with N between N_opt(U) and C/(6U): left minus right changes
 * sign once, as each side falls in its own variable. Solved in logarithms by bisection, N* to about 1e-14. {@link
 * #computeFor} bisects that again, some 3,000 evaluations.
 *
 * <p>Even without end of compute the loss stays above {@link #irreducible}, at N' = N_opt (1 + r_N) and D' = U (1 + r_D).
 * {@code uniqueTokens} may be infinite; theta is that of the law it limits.
 */
public record LimitedDataLaw(DataConstrainedLaw law, double uniqueTokens) implements SurfaceLaw {

    private static final double MOST_FLOPS = 1e150;

    public LimitedDataLaw {
        if (law == null) {
            throw new IllegalArgumentException("a law of limited data needs the data-constrained law that it limits");
        }
        if (!(uniqueTokens > 0)) {
            throw new IllegalArgumentException("unique tokens must be > 0, not " + uniqueTokens);
        }
    }

    @Override
    public double loss(double params, double tokens) {
        return law.loss(params, tokens, uniqueTokens);
    }

    /** Gradient by theta, through D', N' and N_opt: ln N_opt = (ln(alpha A) - ln(beta B) + beta ln U_D)/alpha. */
    @Override
    public void gradient(double params, double tokens, double[] out) {
        ChinchillaLaw base = law.base();
        double unique = Math.min(tokens, uniqueTokens);
        double fed = law.paramsFedBy(unique);
        double effectiveParams = law.effectiveParams(params, tokens, uniqueTokens);
        double effectiveTokens = law.effectiveTokens(tokens, uniqueTokens);
        base.gradient(effectiveParams, effectiveTokens, out);
        double byTokens = -base.beta() * out[1] / effectiveTokens;
        double byParams = -base.alpha() * out[0] / effectiveParams;
        out[DataConstrainedLaw.TOKENS] =
                tokens > unique ? byTokens * byDecay(unique, tokens, law.repeatDecayTokens()) : 0;
        out[DataConstrainedLaw.PARAMS] = 0;
        if (params > fed) {
            out[DataConstrainedLaw.PARAMS] = byParams * byDecay(fed, params, law.repeatDecayParams());
            double left = (params / fed - 1) / law.repeatDecayParams();
            double byFed = effectiveParams - params * Math.exp(-left);
            double slope = byParams * byFed / base.alpha();
            out[0] += slope;
            out[1] -= slope;
            out[3] += slope * (1 / base.alpha() - Math.log(fed));
            out[4] += slope * (Math.log(unique) - 1 / base.beta());
        }
    }

    /** d/d ln r of u (1 + r (1 - exp(-x))), x = (total/u - 1)/r. */
    private static double byDecay(double unique, double total, double decay) {
        double x = (total / unique - 1) / decay;
        return unique * decay * (-Math.expm1(-x) - x * Math.exp(-x));
    }

    @Override
    public List<String> names() {
        return law.names();
    }

    @Override
    public double[] theta() {
        return law.theta();
    }

    @Override
    public LimitedDataLaw withTheta(double[] theta) {
        return new LimitedDataLaw(law.withTheta(theta), uniqueTokens);
    }

    @Override
    public double irreducible() {
        return law.base()
                .loss(
                        law.paramsFedBy(uniqueTokens) * (1 + law.repeatDecayParams()),
                        uniqueTokens * (1 + law.repeatDecayTokens()));
    }

    @Override
    public Allocation optimum(double flops) {
        Allocation free = law.base().optimum(flops);
        if (free.tokens() <= uniqueTokens) {
            return free;
        }
        double product = flops / FLOPS_PER_PARAMETER_TOKEN;
        double fed = law.paramsFedBy(uniqueTokens);
        double params = LogLine.root(n -> costLessGain(n, product / n, fed), fed, product / uniqueTokens);
        double tokens = product / params;
        return new Allocation(flops, params, tokens, loss(params, tokens));
    }

    /** Log of what ln D costs over what ln N gains, for D &gt;= U and N &gt;= N_opt. */
    private double costLessGain(double params, double tokens, double fed) {
        ChinchillaLaw base = law.base();
        double logTokens = Math.log(law.effectiveTokens(tokens, uniqueTokens));
        double logParams = Math.log(law.effectiveParams(params, tokens, uniqueTokens));
        double cost = Math.log(base.beta() * base.B() * tokens)
                - (1 + base.beta()) * logTokens
                - (tokens / uniqueTokens - 1) / law.repeatDecayTokens();
        double gain = Math.log(base.alpha() * base.A() * params)
                - (1 + base.alpha()) * logParams
                - (params / fed - 1) / law.repeatDecayParams();
        return cost - gain;
    }

    @Override
    public double computeFor(double loss) {
        double free = law.base().computeFor(loss);
        if (Double.isInfinite(free) || law.base().optimum(free).tokens() <= uniqueTokens) {
            return free;
        }
        if (!(loss > irreducible())) {
            return Double.POSITIVE_INFINITY;
        }
        double high = free;
        while (optimum(high).loss() > loss) {
            high *= 2;
            if (high > MOST_FLOPS) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return LogLine.root(flops -> loss - optimum(flops).loss(), free, high);
    }

    @Override
    public double tokensFor(double params, double loss) {
        double once = law.base().tokensFor(params, loss);
        if (Double.isInfinite(once)) {
            return once;
        }
        if (once <= uniqueTokens && params <= law.paramsFedBy(once)) {
            return once;
        }
        if (loss(params, uniqueTokens) > loss) {
            return repeatedTokensFor(params, loss);
        }
        double high = once;
        while (loss(params, high) > loss) {
            high = Math.min(2 * high, uniqueTokens);
        }
        return LogLine.root(tokens -> loss - loss(params, tokens), once, high);
    }

    /** The same where the unique tokens seen once are too few: D' solved for D. */
    private double repeatedTokensFor(double params, double loss) {
        double fed = law.effectiveParams(params, uniqueTokens, uniqueTokens);
        double effective = law.base().tokensFor(fed, loss);
        double spent = (effective / uniqueTokens - 1) / law.repeatDecayTokens();
        return spent < 1 ? uniqueTokens * (1 - law.repeatDecayTokens() * Math.log1p(-spent)) : Double.POSITIVE_INFINITY;
    }
}
