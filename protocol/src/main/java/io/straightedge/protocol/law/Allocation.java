package io.straightedge.protocol.law;

/**
 * A budget spent on a model size and a number of tokens.
 *
 * @param flops C
 * @param params N
 * @param tokens D
 * @param loss predicted, nats per token
 */
public record Allocation(double flops, double params, double tokens, double loss) {

    /** D/N. */
    public double tokensPerParam() {
        return tokens / params;
    }
}
