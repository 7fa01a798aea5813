package io.straightedge.protocol.law;

/**
 * The critical batch size as a law of loss, and what a run at another batch would have cost at best.
 *
 * <p>B_crit(L) = B* / L^(1/alpha) tokens, L nats per token. A run of S steps at a batch of B tokens could have had
 * S_min = S / (1 + B_crit/B) steps at a batch without end and C_min = C / (1 + B/B_crit) FLOPs at a batch near 0: at
 * B = B_crit both are half. O(1).
 *
 * @param batchTokens B*, the critical batch at a loss of 1 nat, tokens; &gt; 0
 * @param alpha alpha_B &gt; 0
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.4, 5.4 and 5.5"
 */
public record CriticalBatch(double batchTokens, double alpha) {

    public CriticalBatch {
        Coefficient.positive("law of the critical batch", "batchTokens", batchTokens);
        Coefficient.positive("law of the critical batch", "alpha", alpha);
    }

    /** B_crit at a loss of {@code loss} (&gt; 0), tokens. */
    public double tokensAt(double loss) {
        return batchTokens * Math.pow(loss, -1 / alpha);
    }

    /** S_min of {@code steps} made at a batch of {@code batchTokens} that reached {@code loss}. */
    public double leastSteps(double steps, double batchTokens, double loss) {
        return steps / (1 + tokensAt(loss) / batchTokens);
    }

    /** C_min of {@code flops} spent at a batch of {@code batchTokens} that reached {@code loss}. */
    public double leastFlops(double flops, double batchTokens, double loss) {
        return flops / (1 + batchTokens / tokensAt(loss));
    }
}
