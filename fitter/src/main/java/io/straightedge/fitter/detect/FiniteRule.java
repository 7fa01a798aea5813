package io.straightedge.fitter.detect;

import io.straightedge.protocol.run.LossObservation;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an observation is a number at all, also where the trainer hides that it is not.
 *
 * <p>Trainers filter NaN: some log a loss of exactly 0 beside a gradient norm that is not finite, some leave the loss
 * out and only count the bad iterations.
 */
public final class FiniteRule {

    private FiniteRule() {}

    /**
     * What is wrong with the observation, or null.
     *
     * @param nanIterationsBefore the counter's value in the observation before; negative when there was none
     */
    public static @Nullable String fault(LossObservation seen, long nanIterationsBefore) {
        Double loss = seen.loss();
        if (loss == null) {
            return "the loss is missing";
        }
        if (!Double.isFinite(loss)) {
            return "the loss is " + loss;
        }
        if (loss == 0 && seen.gradNorm() != null && !Double.isFinite(seen.gradNorm())) {
            return "the loss is logged as 0 and the gradient norm is " + seen.gradNorm();
        }
        if (seen.nanIterations() != null && nanIterationsBefore >= 0 && seen.nanIterations() > nanIterationsBefore) {
            return (seen.nanIterations() - nanIterationsBefore) + " iterations were not finite since the last log line";
        }
        return null;
    }

    /** Whether a finite loss is what it says: not a zero that stands for NaN. */
    public static boolean usable(LossObservation seen) {
        boolean zero = seen.loss() != null && seen.loss() == 0;
        return !(zero && seen.gradNorm() != null && !Double.isFinite(seen.gradNorm()));
    }
}
