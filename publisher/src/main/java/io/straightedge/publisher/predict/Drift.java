package io.straightedge.publisher.predict;

/**
 * How far the losses of real runs wander from a law of the right form: no law is exact, and what it misses at one size
 * says little of what it misses at another.
 *
 * <p>ln L(N, D) = ln law + d, d a Gaussian process of mean 0 and covariance s^2 exp(-(u^2 + v^2)/(2 r^2)), u and v the
 * differences of ln N and ln D between two runs. Without it a thousand small runs would seem to tell the loss of a
 * large one as well as a run of half its size.
 *
 * @param sd s, of ln L (&gt;= 0)
 * @param reach r, in natural logarithms of N and D (&gt; 0)
 * @see "Kennedy and O'Hagan 2001, Bayesian calibration of computer models, section 4, for the term"
 */
record Drift(double sd, double reach) {

    /** The law is exact. */
    static final Drift NONE = new Drift(0, 1);

    /**
     * s of 1 %, which is about what laws fitted to published IsoFLOP sets miss the largest budgets of those sets by,
     * and a reach of a factor of 7 in N or D.
     */
    static final Drift USUAL = new Drift(0.01, 2);

    Drift {
        if (!(sd >= 0 && reach > 0) || Double.isInfinite(sd + reach)) {
            throw new IllegalArgumentException("a drift needs an sd of 0 or more and a reach above 0, both finite");
        }
    }

    /** Covariance of ln L between two runs. */
    double between(double params, double tokens, double otherParams, double otherTokens) {
        double u = Math.log(params / otherParams);
        double v = Math.log(tokens / otherTokens);
        return sd * sd * Math.exp(-(u * u + v * v) / (2 * reach * reach));
    }
}
