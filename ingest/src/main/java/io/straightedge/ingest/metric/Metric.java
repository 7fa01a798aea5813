package io.straightedge.ingest.metric;

import io.straightedge.protocol.run.LossObservation;
import java.util.Locale;

/**
 * What a logged number is.
 *
 * @param split of a loss; {@code train} for what describes the step itself
 */
public record Metric(Role role, String split) {

    /** What a number says of its step. */
    public enum Role {
        /** Cross-entropy in the study's unit. */
        LOSS,
        /** Learning rate. */
        LR,
        /** Norm of the gradient. */
        GRAD_NORM,
        /** Tokens seen so far. */
        TOKENS,
        /** Sequences seen so far; tokens once multiplied by the sequence length. */
        SAMPLES,
        /** Running count of iterations whose loss was not finite. */
        NAN_ITERATIONS,
        /** The step itself, where steps are logged as a series beside the others. */
        STEP
    }

    /** What {@link Wanted} calls it: {@code lr}, {@code loss}, {@code loss:val}. */
    public String column() {
        String word = role.name().toLowerCase(Locale.ROOT);
        return split.equals(LossObservation.TRAIN) ? word : word + ":" + split;
    }

    static Metric train(Role role) {
        return new Metric(role, LossObservation.TRAIN);
    }

    static Metric loss(String split) {
        return new Metric(Role.LOSS, split);
    }
}
