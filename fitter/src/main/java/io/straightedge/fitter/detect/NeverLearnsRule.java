package io.straightedge.fitter.detect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a run that has not begun to learn.
 *
 * <p>Beyond {@value #LEAST_OBSERVATIONS} observations, three warm-ups and 2 % of its plan a loss should lie
 * {@value #LEARNT_NATS} nats below that of guessing: ln V where the vocabulary V is known, else the first loss of a run
 * that was logged from its beginning and began at {@value #FROM_SCRATCH_NATS} nats or more. Nor should it hardly fall any more
 * while it stands {@value #BESIDE_NATS} nats above every other run of the study that has come so far. Losses in nats per token.
 */
public final class NeverLearnsRule {

    static final double LEARNT_NATS = .5;
    static final double FROM_SCRATCH_NATS = 5.5;
    /** A run this far above all others that have come as far has not learnt what they have. */
    static final double BESIDE_NATS = 1;

    public static final int LEAST_OBSERVATIONS = 300;

    private static final double WARMUPS = 3;
    private static final double LEAST_PART = .02;
    private static final double BEGINNING = 20;

    private NeverLearnsRule() {}

    /**
     * What is wrong, for people; null when nothing is, or too little is known.
     *
     * @param loss now, the mean of some observations
     * @param step where that is
     * @param observations so far
     * @param firstLoss the highest of the first means, and {@code firstStep} where they are
     * @param peakStep where the learning rate has its peak; NaN when unknown
     * @param plannedSteps 0 when unknown
     * @param others the highest loss of other runs that have come so far; NaN where it says nothing
     */
    public static @Nullable String fault(
            double loss,
            double step,
            long observations,
            double firstLoss,
            double firstStep,
            double peakStep,
            long plannedSteps,
            @Nullable Integer vocabulary,
            double others) {
        boolean early =
                observations < LEAST_OBSERVATIONS || step < WARMUPS * peakStep || step < LEAST_PART * plannedSteps;
        boolean fromScratch = firstStep <= BEGINNING && firstLoss >= FROM_SCRATCH_NATS;
        double guessing =
                vocabulary != null && vocabulary > 1 ? Math.log(vocabulary) : fromScratch ? firstLoss : Double.NaN;
        if (!early && loss > others + BESIDE_NATS) {
            return String.format(
                    Locale.ROOT,
                    "the loss is %.3f after %,.0f steps and hardly falls, while all other runs were at %.3f or below by then",
                    loss,
                    step,
                    others);
        }
        if (early || !(loss > guessing - LEARNT_NATS)) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "the loss is %.3f after %,.0f steps and has not fallen: %s",
                loss,
                step,
                vocabulary == null
                        ? String.format(Locale.ROOT, "it began at %.3f", firstLoss)
                        : String.format(Locale.ROOT, "guessing among %,d words gives %.3f", vocabulary, guessing));
    }
}
