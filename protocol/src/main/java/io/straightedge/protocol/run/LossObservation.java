package io.straightedge.protocol.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One logged loss.
 *
 * @param step optimiser step, 0 or more
 * @param tokens tokens seen; derived from the manifest when null
 * @param loss in the study's unit; zero, NaN, infinite or absent are valid: detectors want them
 * @param split {@code train} when the sender left it out
 * @param lr learning rate at this step
 * @param nanIterations running count of iterations whose loss was not finite
 * @param time when the job logged it
 * @param attempt which restart of the run; when null, steps that go backwards open a new one
 */
public record LossObservation(
        String study,
        String run,
        long step,
        @Nullable Double tokens,
        @Nullable Double loss,
        String split,
        @Nullable Double lr,
        @Nullable Double gradNorm,
        @Nullable Long nanIterations,
        @Nullable Instant time,
        @Nullable Integer attempt)
        implements TrainingEvent {

    /** The split of an observation that names none. */
    public static final String TRAIN = "train";

    public LossObservation {
        Names.require(study, "study");
        Names.require(run, "run");
        Names.requireNotNegative(step, "step");
        split = split == null ? TRAIN : Names.require(split, "split");
        if (attempt != null) {
            Names.requireNotNegative(attempt, "attempt");
        }
        if (tokens != null && !(tokens >= 0 && tokens < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tokens is " + tokens + ": it must be finite and >= 0");
        }
    }

    /** A train loss at a step, with nothing else known. */
    public static LossObservation of(String study, String run, long step, double loss) {
        return new LossObservation(study, run, step, null, loss, TRAIN, null, null, null, null, null);
    }
}
