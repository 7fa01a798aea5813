package io.straightedge.publisher.predict;

/**
 * Half-widths, in standard deviations, of central intervals when the deviation itself was estimated.
 *
 * <p>Student's t quantiles at 50, 80 and 95 % with {@code degrees} (&gt;= 1) degrees of freedom. O(1). Relative error
 * below 1e-3 from 1 degree on, below 1e-5 from 5 on.
 *
 * @see "Hill 1970, Algorithm 396: Student's t-quantiles, CACM 13(10)"
 */
record StudentQuantiles(int degrees, double half50, double half80, double half95) {

    /** Standard normal deviates of the lower tails 0.25, 0.1 and 0.025. */
    private static final double NORMAL50 = -0.6744897501960817;

    private static final double NORMAL80 = -1.2815515655446004;
    private static final double NORMAL95 = -1.959963984540054;

    static StudentQuantiles of(int degrees) {
        int n = Math.max(1, degrees);
        return new StudentQuantiles(
                n, quantile(0.5, NORMAL50, n), quantile(0.2, NORMAL80, n), quantile(0.05, NORMAL95, n));
    }

    /** t such that both tails together hold {@code p}; {@code normal} is the normal deviate of {@code p/2}. */
    private static double quantile(double p, double normal, int n) {
        if (n == 1) {
            return 1 / Math.tan(p * Math.PI / 2);
        }
        if (n == 2) {
            return Math.sqrt(2 / (p * (2 - p)) - 2);
        }
        double a = 1 / (n - 0.5);
        double b = 48 / (a * a);
        double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
        double d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt(a * Math.PI / 2) * n;
        double y = Math.pow(d * p, 2.0 / n);
        if (y > 0.05 + a) {
            double x = normal;
            y = x * x;
            if (n < 5) {
                c += 0.3 * (n - 4.5) * (x + 0.6);
            }
            c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
            y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
            y = Math.expm1(a * y * y);
        } else {
            y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1)
                            * (n + 1)
                            / (n + 2)
                    + 1 / y;
        }
        return Math.sqrt(n * y);
    }
}
