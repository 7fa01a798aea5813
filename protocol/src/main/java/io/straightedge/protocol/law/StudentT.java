package io.straightedge.protocol.law;

/**
 * Student's t distribution with a whole number of degrees of freedom.
 *
 * <p>P(|T| &lt; t) in closed form, a finite sum in cos(atan(t/sqrt n)); its inverse by bisection of the angle, to 1e-15
 * of it. Above {@value #MOST} degrees the distribution is taken to be that of {@value #MOST}, off by less than 1e-3 of
 * t.
 *
 * @see "Abramowitz and Stegun 1964, 26.7.3 and 26.7.4"
 */
public final class StudentT {

    private static final int MOST = 1000;
    private static final int HALVINGS = 52;

    private StudentT() {}

    /**
     * t such that a variable of {@code degrees} (&gt;= 1) degrees of freedom lies within +- t with probability {@code
     * level}.
     */
    public static double central(int degrees, double level) {
        if (degrees < 1 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "no t quantile for " + degrees + " degrees of freedom at level " + level);
        }
        int n = Math.min(degrees, MOST);
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = 0.5 * (low + high);
            if (within(n, middle) < level) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(n) * Math.tan(0.5 * (low + high));
    }

    /** P(|T| &lt; sqrt(n) tan angle). */
    private static double within(int n, double angle) {
        double cos = Math.cos(angle);
        boolean odd = n % 2 == 1;
        double term = odd ? cos : 1;
        double sum = n == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k <= n - 2; k += 2) {
            term *= cos * cos * (k - 1) / k;
            sum += term;
        }
        return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    }
}
