package io.straightedge.fitter.detect;

/**
 * A standard deviation learnt from a few residuals and from what is usual.
 *
 * <p>s^2 = (v r^2 + v0 u^2) / (v + v0), r the residuals' own standard deviation with v degrees of freedom, u the usual one,
 * which counts for v0 = {@value #USUAL_FREEDOM}. A difference over s is Student's t with v + v0 degrees of freedom.
 *
 * @param sd in the residuals' unit, &gt; 0
 * @param freedom degrees of freedom
 * @see "Smyth 2004, Linear models and empirical Bayes methods, eq. 3.1: the moderated t"
 */
public record Scatter(double sd, double freedom) {

    private static final double USUAL_FREEDOM = 4;
    private static final double MOST_FREEDOM = 60;

    public Scatter {
        if (!(sd > 0 && freedom > 0)) {
            throw new IllegalArgumentException(
                    "scatter " + sd + " of " + freedom + " degrees of freedom: both are above 0");
        }
    }

    /**
     * The scatter of residuals with standard deviation {@code seen}.
     *
     * @param freedom theirs; none where it is 0 or less
     * @param usual &gt; 0
     */
    public static Scatter of(double seen, double freedom, double usual) {
        double own = Math.max(0, Math.min(MOST_FREEDOM, freedom));
        double all = own + USUAL_FREEDOM;
        double ofSeen = own > 0 ? own * seen * seen : 0;
        return new Scatter(Math.sqrt((ofSeen + USUAL_FREEDOM * usual * usual) / all), all);
    }
}
