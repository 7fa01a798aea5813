package io.straightedge.fitter.solve;

/**
 * A straight line of least squares through weighted points.
 *
 * <p>y = intercept + slope x, least sum of w (y - intercept - slope x)^2. The standard deviation of the slope comes
 * from the scatter about the line, sqrt(sum w r^2 / (n - 2) / sum w (x - mean)^2); infinite through two points. O(n).
 *
 * @param slope y per x
 * @param intercept y at x = 0
 * @param sdSlope standard deviation of the slope
 */
public record Regression(double slope, double intercept, double sdSlope) {

    /**
     * Fits x [n], y [n] with weights [n] &gt; 0.
     *
     * @throws IllegalArgumentException when fewer than two different x are given
     */
    public static Regression fit(double[] x, double[] y, double[] weight) {
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
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            xx += weight[i] * (x[i] - meanX) * (x[i] - meanX);
            xy += weight[i] * (x[i] - meanX) * (y[i] - meanY);
        }
        if (!(xx > 0)) {
            throw new IllegalArgumentException("a line needs two different x");
        }
        double slope = xy / xx;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double r = y[i] - meanY - slope * (x[i] - meanX);
            squares += weight[i] * r * r;
        }
        double sd = n > 2 ? Math.sqrt(squares / (n - 2) / xx) : Double.POSITIVE_INFINITY;
        return new Regression(slope, meanY - slope * meanX, sd);
    }
}
