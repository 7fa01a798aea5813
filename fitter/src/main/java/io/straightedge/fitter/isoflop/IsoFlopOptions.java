package io.straightedge.fitter.isoflop;

import org.jspecify.annotations.Nullable;

/**
 * Choices of approach 2.
 *
 * @param noise of a seed; null leaves minima without a spread and the trends unweighted
 * @param draws of noise, &gt;= 2
 * @param seed of the draws
 */
public record IsoFlopOptions(@Nullable SeedNoise noise, int draws, long seed) {

    /** Without seed noise. */
    public static final IsoFlopOptions DEFAULT = new IsoFlopOptions(null, 1000, 20240627);

    public IsoFlopOptions {
        if (draws < 2) {
            throw new IllegalArgumentException("a spread needs two draws at least");
        }
    }

    /** With the noise of a seed: minima get a spread, and trends are weighted by it. */
    public IsoFlopOptions withNoise(SeedNoise ofSeeds) {
        return new IsoFlopOptions(ofSeeds, draws, seed);
    }
}
