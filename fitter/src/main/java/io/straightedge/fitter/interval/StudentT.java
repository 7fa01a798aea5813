package io.straightedge.fitter.interval;

import org.apache.commons.math3.special.Beta;

/** Student's t distribution. */
public final class StudentT {

    private static final double NORMAL_FROM = 1e6;

    private StudentT() {}

    /**
     * Probability that |t| is beyond {@code t}: I(v / (v + t^2); v/2, 1/2), the incomplete beta function.
     *
     * @param freedom v, degrees of freedom, &gt; 0; from {@value #NORMAL_FROM} on the normal distribution
     * @see "Abramowitz and Stegun, 26.7.1"
     */
    public static double beyond(double t, double freedom) {
        double size = Math.abs(t);
        return freedom >= NORMAL_FROM
                ? 1 - StandardNormal.within(size)
                : Beta.regularizedBeta(freedom / (freedom + size * size), freedom / 2, .5);
    }
}
