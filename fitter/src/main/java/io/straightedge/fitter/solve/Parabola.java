package io.straightedge.fitter.solve;

/**
 * The parabola of least squares through weighted points.
 *
 * <p>y = p (x - v)^2 + r. Fitted in polynomials orthogonal over the points (1, x - mean, and the square less its
 * regression on both), so that the vertex of an exact parabola comes out to rounding even where x is large and y nearly
 * flat. O(n).
 *
 * @param curvature p, y per x squared; a minimum only where it is above zero
 * @param vertex v = -q/(2p) of y = p x^2 + q x + r; infinite or meaningless where p is not above zero
 * @param value y at the vertex
 */
public record Parabola(double curvature, double vertex, double value) {

    /** Different x that a parabola needs. */
    public static final int LEAST_POINTS = 3;

    /**
     * Fits x [n], y [n] with weights [n] &gt; 0.
     *
     * @throws IllegalArgumentException when fewer than three different x are given
     */
    public static Parabola fit(double[] x, double[] y, double[] weight) {
        int n = x.length;
        double sum = 0;
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < n; i++) {
            sum += weight[i];
            meanX += weight[i] * x[i];
            meanY += weight[i] * y[i];
        }
        meanX /= sum;
        meanY /= sum;
        double square = 0;
        double cube = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            double z = x[i] - meanX;
            square += weight[i] * z * z;
            cube += weight[i] * z * z * z;
            xy += weight[i] * z * (y[i] - meanY);
        }
        double tilt = cube / square;
        double level = square / sum;
        double norm = 0;
        double bend = 0;
        for (int i = 0; i < n; i++) {
            double z = x[i] - meanX;
            double second = z * z - tilt * z - level;
            norm += weight[i] * second * second;
            bend += weight[i] * second * (y[i] - meanY);
        }
        if (!(norm > 1e-20 * square * level)) {
            throw new IllegalArgumentException("a parabola needs three different x");
        }
        double p = bend / norm;
        double slope = xy / square - p * tilt;
        double shift = -slope / (2 * p);
        return new Parabola(p, meanX + shift, meanY - p * level - p * shift * shift);
    }
}
