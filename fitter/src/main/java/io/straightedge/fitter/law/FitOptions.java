package io.straightedge.fitter.law;

/**
 * Choices of a robust fit.
 *
 * @param delta the Huber bound on log residuals, &gt; 0
 * @param leastSigma floor of the residual scale in the covariance, &gt;= 0: even runs that the law fits exactly have a
 *     seed
 */
public record FitOptions(double delta, double leastSigma) {

    /** Hoffmann's delta; a floor of 3e-4, the seed noise of real ladders. */
    public static final FitOptions DEFAULT = new FitOptions(1e-3, 3e-4);

    public FitOptions {
        if (!(delta > 0 && leastSigma >= 0) || Double.isInfinite(delta + leastSigma)) {
            throw new IllegalArgumentException("delta must be above 0, leastSigma not below, both finite");
        }
    }

    /** With another Huber bound. */
    public FitOptions withDelta(double bound) {
        return new FitOptions(bound, leastSigma);
    }
}
