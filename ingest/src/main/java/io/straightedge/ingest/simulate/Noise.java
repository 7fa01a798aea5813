package io.straightedge.ingest.simulate;

import java.util.SplittableRandom;

/**
 * Observation noise of a logged train loss.
 *
 * <p>sigma(B) = 0.045 (B / 524288)^-0.37 nats, B tokens a step: white, with a heavy right tail as batches differ in
 * difficulty. A shifted log-normal with shape s = 0.45 has skewness (exp s^2 + 2) sqrt(exp s^2 - 1) = 1.53 and excess
 * kurtosis 4.4, inside what was measured on public runs whose loss is a mean over all ranks (0.9 to 1.2, 3.4 to 4.6)
 * and on single ranks (1.7 to 3.1, 13 to 37).
 */
final class Noise {

    private static final double SIGMA_NATS = 0.045;
    private static final double AT_TOKENS = 524_288;
    private static final double EXPONENT = -0.37;

    private static final double SHAPE = 0.45;
    private static final double MEAN = Math.exp(SHAPE * SHAPE / 2);
    private static final double DEVIATION = MEAN * Math.sqrt(Math.expm1(SHAPE * SHAPE));

    private Noise() {}

    /** Standard deviation of one observation, nats. */
    static double sigma(double tokensPerStep) {
        return SIGMA_NATS * Math.pow(tokensPerStep / AT_TOKENS, EXPONENT);
    }

    /** A draw with mean 0 and standard deviation 1. */
    static double standard(SplittableRandom random) {
        return (Math.exp(SHAPE * random.nextGaussian()) - MEAN) / DEVIATION;
    }
}
