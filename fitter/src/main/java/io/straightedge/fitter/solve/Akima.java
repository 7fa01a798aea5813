package io.straightedge.fitter.solve;

/**
 * Akima's cubic spline through points, and its least value.
 *
 * <p>With the slopes m_i of the segments, two ghost slopes at each end continued linearly, the derivative at knot i is
 * t_i = (|m_i+1 - m_i| m_i-1 + |m_i-1 - m_i-2| m_i) / (|m_i+1 - m_i| + |m_i-1 - m_i-2|), and the mean of m_i-1 and m_i
 * where all four agree; between knots a cubic with these values and derivatives. Local, so that one outlier bends its
 * neighbours only. The minimum is exact: the least among the knots and the stationary points of the n - 1 cubics. O(n).
 * Immutable.
 *
 * @see "Akima 1970, J. ACM 17(4); Commons Math ends the spline otherwise and wants five points"
 */
public final class Akima {

    /** Knots that a spline needs. */
    public static final int LEAST_KNOTS = 3;

    private final double[] x;
    private final double[] y;
    /** Derivative at each knot. */
    private final double[] slope;

    /**
     * Through the points (x, y) [n].
     *
     * @throws IllegalArgumentException when n is below 3, a number is not finite, or x does not rise strictly
     */
    public Akima(double[] x, double[] y) {
        if (x.length < LEAST_KNOTS || y.length != x.length) {
            throw new IllegalArgumentException("a spline needs three knots and a value at each");
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i]) || !Double.isFinite(y[i]) || (i > 0 && !(x[i] > x[i - 1]))) {
                throw new IllegalArgumentException("knots must be finite and rise strictly, at " + i);
            }
        }
        this.x = x.clone();
        this.y = y.clone();
        slope = slopes(this.x, this.y);
    }

    private static double[] slopes(double[] x, double[] y) {
        int n = x.length;
        // m[k + 2] is the slope of segment k; two ghosts on either side.
        double[] m = new double[n + 3];
        for (int k = 0; k < n - 1; k++) {
            m[k + 2] = (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
        }
        m[1] = 2 * m[2] - m[3];
        m[0] = 2 * m[1] - m[2];
        m[n + 1] = 2 * m[n] - m[n - 1];
        m[n + 2] = 2 * m[n + 1] - m[n];
        double[] slope = new double[n];
        for (int i = 0; i < n; i++) {
            double right = Math.abs(m[i + 3] - m[i + 2]);
            double left = Math.abs(m[i + 1] - m[i]);
            double sum = right + left;
            slope[i] = sum > 0 ? (right * m[i + 1] + left * m[i + 2]) / sum : 0.5 * (m[i + 1] + m[i + 2]);
        }
        return slope;
    }

    /** Value at {@code at}; outside the knots the cubic of the last segment goes on. */
    public double value(double at) {
        int k = 0;
        while (k < x.length - 2 && at >= x[k + 1]) {
            k++;
        }
        return cubic(k, (at - x[k]) / (x[k + 1] - x[k]));
    }

    /** Where the spline is least between its first and its last knot; the first such place. */
    public double minimum() {
        double best = y[0];
        double where = x[0];
        for (int k = 0; k < x.length - 1; k++) {
            double h = x[k + 1] - x[k];
            double rise = y[k + 1] - y[k];
            // Derivative in u = (x - x_k)/h: a + b u + c u^2.
            double a = h * slope[k];
            double b = 2 * (3 * rise - h * (2 * slope[k] + slope[k + 1]));
            double c = 3 * (h * (slope[k] + slope[k + 1]) - 2 * rise);
            double root = lowest(a, b, c);
            if (root > 0 && root < 1) {
                double value = cubic(k, root);
                if (value < best) {
                    best = value;
                    where = x[k] + h * root;
                }
            }
            if (y[k + 1] < best) {
                best = y[k + 1];
                where = x[k + 1];
            }
        }
        return where;
    }

    /** The root of a + b u + c u^2 at which it rises, so that its integral has a minimum; NaN without one. */
    private static double lowest(double a, double b, double c) {
        double square = b * b - 4 * a * c;
        if (!(square >= 0)) {
            return Double.NaN;
        }
        double root = Math.sqrt(square);
        // (-b + root)/(2 c), written without cancellation.
        return b > 0 ? -2 * a / (b + root) : (root - b) / (2 * c);
    }

    private double cubic(int k, double u) {
        double h = x[k + 1] - x[k];
        double v = 1 - u;
        return y[k] * v * v * (1 + 2 * u)
                + y[k + 1] * u * u * (1 + 2 * v)
                + h * u * v * (slope[k] * v - slope[k + 1] * u);
    }
}
