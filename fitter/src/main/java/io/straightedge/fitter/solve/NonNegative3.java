package io.straightedge.fitter.solve;

/**
 * Non-negative least squares in three variables from its normal equations, by trying every set of active ones.
 *
 * <p>Minimises x'Gx - 2 r'x over x &gt;= 0; G is packed (00, 10, 11, 20, 21, 22). At most seven systems, no iteration, no
 * allocation. Columns should be scaled alike by the caller. Mutable workspace, one thread.
 */
public final class NonNegative3 {

    private final Cholesky3 cholesky = new Cholesky3();
    private final double[] x = new double[3];

    /** Writes the minimiser into {@code out[0..3)} and returns x'Gx - 2 r'x there. */
    public double solve(double[] g, double[] r, double[] out) {
        double best = 0;
        out[0] = 0;
        out[1] = 0;
        out[2] = 0;
        for (int active = 1; active < 8; active++) {
            double a = active & 1;
            double b = (active >> 1) & 1;
            double c = (active >> 2) & 1;
            boolean definite = cholesky.factor(
                    a > 0 ? g[0] : 1, a * b * g[1], b > 0 ? g[2] : 1, a * c * g[3], b * c * g[4], c > 0 ? g[5] : 1);
            if (!definite) {
                continue;
            }
            cholesky.solve(a * r[0], b * r[1], c * r[2], x, 0);
            double value = -(a * r[0] * x[0] + b * r[1] * x[1] + c * r[2] * x[2]);
            if (x[0] >= 0 && x[1] >= 0 && x[2] >= 0 && value < best) {
                best = value;
                for (int i = 0; i < 3; i++) {
                    out[i] = x[i] + 0.0; // -0.0 becomes 0.0
                }
            }
        }
        return best;
    }
}
