package io.straightedge.fitter.detect;

/**
 * How rarely a healthy run shows a statistic of {@link ShiftBank}.
 *
 * <p>h(A), the limit that is crossed once in A observations, was measured at 10^5 and 10^6 on the residuals of twelve
 * logs of each step (maxima over blocks of 50, generalised Pareto tail), that of the slow sum upwards on five, and is linear
 * in log A between and beyond: above 10^6 it is an extrapolation. Down is for -z.
 */
enum ShiftLimits {
    /** EWMA of weight .1, z clipped at 3, in its own standard deviations. */
    SLOW(4.8, 5.1, 4.3, 4.75),
    /** EWMA of weight .3, z clipped at 4, in its own standard deviations. */
    FAST(5.4, 5.7, 4.4, 4.75),
    /** Upwards the sum of likelihood ratios; downwards CUSUM with allowance .5, z clipped at 3. */
    SUM_SLOW(13.5, 20, 13.4, 19.8),
    /** CUSUM with allowance 1, z clipped at 4. */
    SUM_FAST(9.3, 12.2, 5.7, 7.0);

    /** Log10 of observations that is as good as never. */
    static final double NEVER = 15;

    private final double up;
    private final double upDecade;
    private final double down;
    private final double downDecade;

    ShiftLimits(double up5, double up6, double down5, double down6) {
        this.up = up5;
        this.upDecade = up6 - up5;
        this.down = down5;
        this.downDecade = down6 - down5;
    }

    /** Log10 of the observations in which a healthy run shows such a statistic once; at most {@link #NEVER}. */
    double rarity(double statistic, boolean upwards) {
        double decades = upwards ? (statistic - up) / upDecade : (statistic - down) / downDecade;
        return Math.min(NEVER, 5 + decades);
    }

    /** The limit that is crossed once in 10^{@code decades} observations. */
    double limit(double decades, boolean upwards) {
        return upwards ? up + (decades - 5) * upDecade : down + (decades - 5) * downDecade;
    }
}
