package io.straightedge.publisher.predict;

/**
 * A run worth making, and what it would tell.
 *
 * @param params N
 * @param tokens D
 * @param flops C = 6ND
 * @param predictedLoss what the law says it will end at, nats per token; NaN without a law
 * @param drop expected drop of the variance of the target's predicted loss, nats^2; NaN without a law
 * @param sdAfter standard deviation of the target's predicted loss that is expected to be left, nats per token; NaN
 *     without a law
 * @param score drop / flops^a; NaN without a law
 */
public record NextRun(
        double params, double tokens, double flops, double predictedLoss, double drop, double sdAfter, double score) {

    /** D/N. */
    public double tokensPerParam() {
        return tokens / params;
    }
}
