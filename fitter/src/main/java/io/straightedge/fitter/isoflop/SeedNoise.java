package io.straightedge.fitter.isoflop;

/**
 * Standard deviation of a run's final loss over seeds, as a function of the loss.
 *
 * <p>sigma(L) = lowNats up to L = lowLoss, highNats from L = highLoss on, between them a straight line of ln sigma in
 * ln L. All in nats per token, positive and finite; lowLoss below highLoss. O(1).
 *
 * @see "Porian et al. 2024, arXiv 2406.19146"
 */
public record SeedNoise(double lowNats, double lowLoss, double highNats, double highLoss) {

    /** Measured on RefinedWeb. */
    public static final SeedNoise REFINED_WEB = new SeedNoise(0.002, 3, 0.05, 7);

    /** Measured on OpenWebText2. */
    public static final SeedNoise OPEN_WEB_TEXT_2 = new SeedNoise(0.01, 3, 0.1, 6);

    public SeedNoise {
        if (!(lowNats > 0 && highNats > 0 && lowLoss > 0 && highLoss > lowLoss)
                || Double.isInfinite(lowNats + highNats + highLoss)) {
            throw new IllegalArgumentException("seed noise must be positive and finite, between two rising losses");
        }
    }

    /** The same noise at every loss. */
    public static SeedNoise constant(double nats) {
        return new SeedNoise(nats, 1, nats, 2);
    }

    /** sigma at {@code lossNats}. */
    public double sd(double lossNats) {
        double part = Math.log(lossNats / lowLoss) / Math.log(highLoss / lowLoss);
        return lowNats * Math.pow(highNats / lowNats, Math.max(0, Math.min(1, part)));
    }
}
