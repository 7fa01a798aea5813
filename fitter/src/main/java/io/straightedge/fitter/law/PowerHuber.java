package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Regression;
import io.straightedge.protocol.law.Variable;
import java.util.Arrays;

/**
 * The robust objective of a power law of one variable, a straight line in logarithms.
 *
 * <p>Theta is (ln s, a) of L = (s/x)^a; the coordinates are (c, a) of ln L = c - a (ln x - m), m the weighted mean of
 * ln x, so that ln s = c/a + m. r_i = c - a (ln x_i - m) - ln L_i, J = (1, m - ln x_i), constant: F = sum w Huber_d(r)
 * is convex, its Hessian sum w psi' J J', its majorant sum w min(1, d/|r|) J J'. O(n). Workspace, one thread.
 */
final class PowerHuber implements RobustObjective {

    private static final int SIZE = 2;
    private static final int REWEIGHTINGS = 20;

    private final LawPoints points;
    private final double[] logX;
    private final double[] logLoss;
    private final double[] weight;
    private final double mean;
    private double delta = 1;

    PowerHuber(LawPoints points, Variable variable) {
        this.points = points;
        int n = points.size();
        logX = new double[n];
        logLoss = new double[n];
        weight = new double[n];
        double sum = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            logX[i] = Math.log(variable.of(points.params(i), points.tokens(i)));
            logLoss[i] = Math.log(points.loss(i));
            weight[i] = points.weight(i);
            sum += weight[i] * logX[i];
            total += weight[i];
        }
        mean = sum / total;
        for (int i = 0; i < n; i++) {
            logX[i] -= mean;
        }
    }

    /** Weighted least squares, then reweighted by min(1, d/|r|): near the optimum, in coordinates. */
    double[] start() {
        double[] reweighted = weight.clone();
        double[] x = new double[SIZE];
        for (int k = 0; k <= REWEIGHTINGS; k++) {
            Regression line = Regression.fit(logX, logLoss, reweighted);
            x[0] = line.intercept();
            x[1] = -line.slope();
            for (int i = 0; i < weight.length; i++) {
                reweighted[i] = weight[i] * Math.min(1, delta / Math.abs(residual(x, i)));
            }
        }
        return x;
    }

    @Override
    public void delta(double bound) {
        delta = bound;
    }

    @Override
    public double value(double[] x) {
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += huber(i, residual(x, i));
        }
        return sum;
    }

    @Override
    public double derivatives(double[] x, double[] gradient, double[][] hessian, double[][] majorant) {
        for (int j = 0; j < SIZE; j++) {
            gradient[j] = 0;
            Arrays.fill(hessian[j], 0);
            Arrays.fill(majorant[j], 0);
        }
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            double r = residual(x, i);
            double size = Math.abs(r);
            double w = weight[i];
            double psi = w * Math.copySign(Math.min(size, delta), r);
            sum += huber(i, r);
            gradient[0] += psi;
            gradient[1] -= psi * logX[i];
            addOuter(hessian, i, size <= delta ? w : 0);
            addOuter(majorant, i, size <= delta ? w : w * delta / size);
        }
        return sum;
    }

    private void addOuter(double[][] matrix, int i, double factor) {
        matrix[0][0] += factor;
        matrix[0][1] -= factor * logX[i];
        matrix[1][0] -= factor * logX[i];
        matrix[1][1] += factor * logX[i] * logX[i];
    }

    private double residual(double[] x, int i) {
        return x[0] - x[1] * logX[i] - logLoss[i];
    }

    private double huber(int i, double residual) {
        double r = Math.abs(residual);
        return weight[i] * (r <= delta ? 0.5 * r * r : delta * (r - 0.5 * delta));
    }

    @Override
    public double[] coordinates(double[] theta) {
        return new double[] {theta[1] * (theta[0] - mean), theta[1]};
    }

    @Override
    public double[] theta(double[] x) {
        return new double[] {x[0] / x[1] + mean, x[1]};
    }

    @Override
    public LawCovariance covariance(double[] x, FitOptions options) {
        double[] residuals = new double[weight.length];
        double[][] slopes = new double[weight.length][];
        for (int i = 0; i < weight.length; i++) {
            residuals[i] = residual(x, i);
            slopes[i] = new double[] {1, -logX[i]};
        }
        return new LawCovariance(residuals, slopes, points, options);
    }

    /** T V T' with T = ((1/a, -c/a^2), (0, 1)), the derivatives of theta. */
    @Override
    public double[][] ofTheta(double[][] covariance, double[] x) {
        double level = 1 / x[1];
        double tilt = -x[0] / (x[1] * x[1]);
        double cross = level * covariance[0][1] + tilt * covariance[1][1];
        double scale =
                level * level * covariance[0][0] + 2 * level * tilt * covariance[0][1] + tilt * tilt * covariance[1][1];
        return new double[][] {{scale, cross}, {cross, covariance[1][1]}};
    }
}
