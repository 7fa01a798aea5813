package io.straightedge.fitter.law;

import java.util.Arrays;

/**
 * The robust objective of L = E + (A N^-alpha + B D^-beta)^gamma and its derivatives.
 *
 * <p>As {@link LogHuber}, with theta (a, b, e, alpha, beta, lambda = ln gamma). With z = log(exp(a - alpha x) + exp(b -
 * beta y)), P = exp(gamma z), s = P/L, p and q the shares of the two terms in exp z, v and u their gradients: t = d log
 * P = gamma (p v + q u), and gamma z by lambda; J = s t + (1 - s) de; d2 log P = gamma p q (v - u)(v - u)', t by lambda
 * and theta, gamma z by lambda twice; d2 log L = s d2 log P + s (1 - s) (t - de)(t - de)'. O(n): four exp or log a
 * point. Workspace, one thread.
 */
final class GammaHuber implements RobustObjective {

    static final int SIZE = 6;
    private static final int FLOOR = 2;
    private static final int LAMBDA = 5;

    private final CentredLogs logs;
    private double delta = 1;
    private final double[] slope = new double[SIZE];
    private final double[] power = new double[SIZE];
    private final double[] between = new double[SIZE];
    private double share;
    private double cross;

    GammaHuber(CentredLogs logs) {
        this.logs = logs;
    }

    @Override
    public void delta(double bound) {
        delta = bound;
    }

    @Override
    public double value(double[] theta) {
        double sum = 0;
        for (int i = 0; i < logs.size(); i++) {
            double r = Math.abs(residual(theta, i));
            sum += logs.weight[i] * (r <= delta ? 0.5 * r * r : delta * (r - 0.5 * delta));
        }
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    /** r_i; leaves J in {@link #slope} and what the second derivatives are made of in the other fields. */
    private double residual(double[] theta, int i) {
        double first = theta[0] - theta[3] * logs.params[i];
        double second = theta[1] - theta[4] * logs.tokens[i];
        double larger = Math.max(first, second);
        double p = Math.exp(first - larger);
        double q = Math.exp(second - larger);
        double z = larger + Math.log(p + q);
        p /= p + q;
        q = 1 - p;
        double gamma = Math.exp(theta[LAMBDA]);
        double logPower = gamma * z;
        double top = Math.max(logPower, theta[FLOOR]);
        double of = Math.exp(logPower - top);
        double floor = Math.exp(theta[FLOOR] - top);
        share = of / (of + floor);
        power[0] = gamma * p;
        power[1] = gamma * q;
        power[3] = -gamma * p * logs.params[i];
        power[4] = -gamma * q * logs.tokens[i];
        power[LAMBDA] = logPower;
        cross = gamma * p * q;
        between[0] = 1;
        between[1] = -1;
        between[3] = -logs.params[i];
        between[4] = logs.tokens[i];
        for (int j = 0; j < SIZE; j++) {
            slope[j] = share * power[j];
        }
        slope[FLOOR] = 1 - share;
        return top + Math.log(of + floor) - logs.loss[i];
    }

    @Override
    public double derivatives(double[] theta, double[] gradient, double[][] hessian, double[][] majorant) {
        Arrays.fill(gradient, 0);
        for (int j = 0; j < SIZE; j++) {
            Arrays.fill(hessian[j], 0);
            Arrays.fill(majorant[j], 0);
        }
        double sum = 0;
        for (int i = 0; i < logs.size(); i++) {
            double r = residual(theta, i);
            double w = logs.weight[i];
            double size = Math.abs(r);
            boolean inside = size <= delta;
            double psi = w * (inside ? r : Math.copySign(delta, r));
            sum += w * (inside ? 0.5 * r * r : delta * (size - 0.5 * delta));
            double major = w * (inside ? 1 : delta / size);
            for (int j = 0; j < SIZE; j++) {
                gradient[j] += psi * slope[j];
                for (int k = 0; k <= j; k++) {
                    double product = slope[j] * slope[k];
                    majorant[j][k] += major * product;
                    hessian[j][k] += (inside ? w * product : 0) + psi * second(j, k);
                }
            }
        }
        for (int j = 0; j < SIZE; j++) {
            for (int k = 0; k < j; k++) {
                hessian[k][j] = hessian[j][k];
                majorant[k][j] = majorant[j][k];
            }
        }
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    /** Second derivative of log L by coefficients j and k, k &lt;= j, after {@link #residual}. */
    private double second(int j, int k) {
        double ofPower = j == LAMBDA ? power[k] : cross * between[j] * between[k];
        double jump = (power[j] - (j == FLOOR ? 1 : 0)) * (power[k] - (k == FLOOR ? 1 : 0));
        return share * ofPower + share * (1 - share) * jump;
    }

    @Override
    public double[] coordinates(double[] theta) {
        return logs.centre(theta.clone());
    }

    @Override
    public double[] theta(double[] coordinates) {
        return logs.uncentre(coordinates.clone());
    }

    @Override
    public double[][] ofTheta(double[][] covariance, double[] coordinates) {
        return logs.uncentred(covariance);
    }

    @Override
    public LawCovariance covariance(double[] theta, FitOptions options) {
        int n = logs.size();
        double[] residuals = new double[n];
        double[][] slopes = new double[n][];
        for (int i = 0; i < n; i++) {
            residuals[i] = residual(theta, i);
            slopes[i] = slope.clone();
        }
        return new LawCovariance(residuals, slopes, logs.points(), options);
    }
}
