package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.Plans;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.List;

/**
 * The best use of a budget when only so many tokens can be trained on, each once.
 *
 * <p>At a given D the loss falls with N without end, ever more slowly: spending it all is best, and most of what is spent
 * beyond {@code enoughParams} buys next to nothing.
 *
 * @param maxTokens D_max
 * @param binding whether the budget's best would need more tokens
 * @param params N when the budget is spent
 * @param tokens D
 * @param loss nats per token
 * @param lossWithoutLimit the best loss that the budget would buy on enough tokens
 * @param wastedFlops what the budget is above the least compute that gives {@code loss} when tokens are enough
 * @param enoughParams the least N whose loss on these tokens is within 0.1 % of {@code loss}
 * @param idleFlops what a model of that size leaves of the budget
 * @param caveats what speaks against relying on it, in words
 */
public record TokenLimit(
        double maxTokens,
        boolean binding,
        double params,
        double tokens,
        double loss,
        double lossWithoutLimit,
        double wastedFlops,
        double enoughParams,
        double idleFlops,
        List<String> caveats) {

    private static final double DEPTH = 70;
    private static final int HALVINGS = 50;

    public TokenLimit {
        caveats = List.copyOf(caveats);
    }

    static TokenLimit of(SurfaceLaw law, Allocation best, double maxTokens, Support support) {
        Allocation limited = Plans.tokenLimited(law, best.flops(), maxTokens);
        boolean binding = limited.tokens() < best.tokens();
        double enough = binding ? enough(law, limited) : limited.params();
        List<String> caveats = new ArrayList<>();
        if (binding) {
            caveats.addAll(support.beyond(limited.params(), limited.tokens()));
        }
        return new TokenLimit(
                maxTokens,
                binding,
                limited.params(),
                limited.tokens(),
                limited.loss(),
                best.loss(),
                binding ? Plans.wastedFlops(law, limited.params(), limited.tokens()) : 0,
                enough,
                ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * (limited.params() - enough) * limited.tokens(),
                caveats);
    }

    /** Bisection in ln N over 30 decades below what the budget pays for, as the loss falls with N; to about 1e-13. */
    private static double enough(SurfaceLaw law, Allocation limited) {
        double target = limited.loss() * (1 + Recommendations.NEAR);
        double high = Math.log(limited.params());
        double low = high - DEPTH;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = low + (high - low) / 2;
            if (law.loss(Math.exp(middle), limited.tokens()) <= target) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }
}
