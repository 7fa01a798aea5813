package io.straightedge.publisher.predict;

/**
 * The standard normal distribution.
 *
 * <p>below(z) = 1/2 + phi(z) (z + z^3/3 + z^5/(3 5) + z^7/(3 5 7) + ...), summed until a term changes nothing: absolute
 * error below 1e-15 for |z| &lt; {@value #FAR}, and 0 or 1 beyond. At most some 150 terms. NaN for NaN.
 *
 * @see "Marsaglia 2004, Evaluating the normal distribution, Journal of Statistical Software 11(4)"
 */
final class Normal {

    private static final double FAR = 8.3;

    private Normal() {}

    /** Probability of a value below z. */
    static double below(double z) {
        if (Math.abs(z) > FAR) {
            return z > 0 ? 1 : 0;
        }
        double sum = z;
        double term = z;
        double before = 0;
        for (int odd = 3; sum != before; odd += 2) {
            before = sum;
            term *= z * z / odd;
            sum += term;
            if (Double.isNaN(sum)) {
                return Double.NaN;
            }
        }
        return 0.5 + sum * density(z);
    }

    static double density(double z) {
        return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    }
}
