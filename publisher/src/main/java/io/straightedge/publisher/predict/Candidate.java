package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.ScalingLaw;

/**
 * A run that could be made.
 *
 * @param params N (&gt; 0)
 * @param tokens D (&gt; 0)
 */
public record Candidate(double params, double tokens) {

    public Candidate {
        if (!possible(params, tokens)) {
            throw new IllegalArgumentException(
                    "a run needs parameters and tokens above 0 and finite, not N=" + params + " D=" + tokens);
        }
    }

    /** Whether a run can have these sizes. */
    public static boolean possible(double params, double tokens) {
        return params > 0 && tokens > 0 && params + tokens < Double.POSITIVE_INFINITY;
    }

    /** C = 6ND. */
    public double flops() {
        return ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
    }

    /** Whether both sizes are within a factor of the other's. */
    boolean within(double factor, Candidate other) {
        double bound = Math.log(factor);
        return Math.abs(Math.log(params / other.params)) <= bound && Math.abs(Math.log(tokens / other.tokens)) <= bound;
    }
}
