package io.straightedge.protocol.signal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a study's law says about a budget. Key {@code study/budget}, the budget in {@link Double#toString} form.
 *
 * @param id stable: the id of the law estimate, and the budget
 * @param budgetFlops C
 * @param law name of the law estimate
 * @param params N*
 * @param tokens D*
 * @param tokensPerParam D over N at the optimum
 * @param loss at the optimum, nats per token
 * @param extrapolation budget over the largest budget among the law's points
 * @param caveats what speaks against relying on it, in words
 * @param nearOptimal models that are nearly as good for the same budget; null in messages that do not say
 */
public record Recommendation(
        String study,
        String id,
        double budgetFlops,
        String law,
        Interval params,
        Interval tokens,
        Interval tokensPerParam,
        Interval loss,
        double extrapolation,
        List<String> caveats,
        @Nullable Band nearOptimal) {

    /**
     * The sizes N on which {@code budgetFlops} buys a loss close to the best, D = C/6N.
     *
     * @param relativeLoss how much higher the loss may be, as a part of the best loss
     * @param lowerParams the least such N; 0 when it has no end
     * @param upperParams the largest such N; infinite when it has no end
     */
    public record Band(double relativeLoss, double lowerParams, double upperParams) {}

    public Recommendation {
        caveats = caveats == null ? List.of() : List.copyOf(caveats);
    }

    /** The topic key. */
    public String key() {
        return study + "/" + budgetFlops;
    }
}
