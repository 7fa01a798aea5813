package io.straightedge.fitter.interval;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;

/** The standard normal distribution. */
public final class StandardNormal {

    // Without a generator: the default constructor seeds one from the clock.
    private static final NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);

    private StandardNormal() {}

    /** z such that a standard normal lies within +- z with probability {@code level} in (0, 1): 1.2816 for 0.8. */
    public static double central(double level) {
        return STANDARD.inverseCumulativeProbability(0.5 + 0.5 * level);
    }

    /** Probability that a standard normal lies within +- z, z &gt;= 0: erf(z/sqrt 2). The inverse of {@link #central}. */
    public static double within(double z) {
        return Erf.erf(z / Math.sqrt(2));
    }
}
