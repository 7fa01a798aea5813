package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.SmoothObjective;
import java.util.Arrays;

/**
 * The objective of approach 3 and its derivatives.
 *
 * <p>F = sum_i w_i Huber_d(r_i), r_i = log(exp(a - alpha x_i) + exp(b - beta y_i) + exp e) - log L_i, with x = log N - mean,
 * y = log D - mean: a and b are those of the centred logs, which takes the condition of the normal matrix down by orders of
 * magnitude. Huber_d(r) = r^2/2 within d, d (|r| - d/2) beyond. With the softmax weights s of the three terms and z' the
 * gradient of a term, J = sum s z', psi = clip(r, -d, d): gradient sum w psi J; Hessian sum w (psi' J J' + psi (sum s z' z'' -
 * J J')); majorant sum w min(1, d/|r|) J J'. O(n): three exp and one log a point. Never NaN for finite x. Workspace, one thread.
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, section D.2"
 */
final class LogHuber implements SmoothObjective {

    static final int SIZE = 5;

    private final double[] logParams;
    private final double[] logTokens;
    private final double[] logLoss;
    private final double[] weight;
    private final double meanLogParams;
    private final double meanLogTokens;
    private double delta;
    private final double[] jacobian = new double[SIZE];
    private final double[] share = new double[3];

    LogHuber(double[] params, double[] tokens, double[] loss, double[] weight, double delta) {
        int n = params.length;
        this.weight = weight.clone();
        this.delta = delta;
        logParams = new double[n];
        logTokens = new double[n];
        logLoss = new double[n];
        double sumX = 0;
        double sumY = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            logParams[i] = Math.log(params[i]);
            logTokens[i] = Math.log(tokens[i]);
            logLoss[i] = Math.log(loss[i]);
            sumX += weight[i] * logParams[i];
            sumY += weight[i] * logTokens[i];
            sum += weight[i];
        }
        meanLogParams = sumX / sum;
        meanLogTokens = sumY / sum;
        for (int i = 0; i < n; i++) {
            logParams[i] -= meanLogParams;
            logTokens[i] -= meanLogTokens;
        }
    }

    /** Sets the bound between square and absolute value, for a continuation from a smoother problem. */
    void delta(double bound) {
        delta = bound;
    }

    int points() {
        return weight.length;
    }

    double weight(int i) {
        return weight[i];
    }

    double centredLogParams(int i) {
        return logParams[i];
    }

    double centredLogTokens(int i) {
        return logTokens[i];
    }

    double logLoss(int i) {
        return logLoss[i];
    }

    /** Turns (a, b, e, alpha, beta) of the plain logs into those of the centred ones, in place. */
    double[] centre(double[] theta) {
        theta[0] -= theta[3] * meanLogParams;
        theta[1] -= theta[4] * meanLogTokens;
        return theta;
    }

    /** The inverse of {@link #centre}. */
    double[] uncentre(double[] theta) {
        theta[0] += theta[3] * meanLogParams;
        theta[1] += theta[4] * meanLogTokens;
        return theta;
    }

    /** The matrix that takes a covariance of centred coefficients to one of plain ones: T V T'. */
    double[][] uncentred(double[][] covariance) {
        double[][] t = new double[SIZE][SIZE];
        for (int i = 0; i < SIZE; i++) {
            t[i][i] = 1;
        }
        t[0][3] = meanLogParams;
        t[1][4] = meanLogTokens;
        double[][] out = new double[SIZE][SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                for (int k = 0; k < SIZE; k++) {
                    for (int l = 0; l < SIZE; l++) {
                        out[i][j] += t[i][k] * covariance[k][l] * t[j][l];
                    }
                }
            }
        }
        return out;
    }

    @Override
    public double value(double[] theta) {
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            double r = Math.abs(residual(theta, i));
            sum += weight[i] * (r <= delta ? 0.5 * r * r : delta * (r - 0.5 * delta));
        }
        return sum;
    }

    /** r_i; leaves the shares of the three terms in {@link #share}. */
    double residual(double[] theta, int i) {
        double params = theta[0] - theta[3] * logParams[i];
        double tokens = theta[1] - theta[4] * logTokens[i];
        double floor = theta[2];
        double largest = Math.max(params, Math.max(tokens, floor));
        share[0] = Math.exp(params - largest);
        share[1] = Math.exp(tokens - largest);
        share[2] = Math.exp(floor - largest);
        double sum = share[0] + share[1] + share[2];
        share[0] /= sum;
        share[1] /= sum;
        share[2] /= sum;
        return largest + Math.log(sum) - logLoss[i];
    }

    /** J of point i, after {@link #residual}; the same array each time. */
    double[] jacobian(int i) {
        jacobian[0] = share[0];
        jacobian[1] = share[1];
        jacobian[2] = share[2];
        jacobian[3] = -share[0] * logParams[i];
        jacobian[4] = -share[1] * logTokens[i];
        return jacobian;
    }

    @Override
    public double derivatives(double[] theta, double[] gradient, double[][] hessian, double[][] majorant) {
        for (int j = 0; j < SIZE; j++) {
            gradient[j] = 0;
            Arrays.fill(hessian[j], 0);
            Arrays.fill(majorant[j], 0);
        }
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            double r = residual(theta, i);
            double[] slope = jacobian(i);
            double size = Math.abs(r);
            boolean inside = size <= delta;
            double psi = inside ? r : Math.copySign(delta, r);
            double w = weight[i];
            sum += w * (inside ? 0.5 * r * r : delta * (size - 0.5 * delta));
            double outer = w * ((inside ? 1 : 0) - psi);
            double major = w * (inside ? 1 : delta / size);
            for (int j = 0; j < SIZE; j++) {
                gradient[j] += w * psi * slope[j];
                for (int k = 0; k <= j; k++) {
                    hessian[j][k] += outer * slope[j] * slope[k];
                    majorant[j][k] += major * slope[j] * slope[k];
                }
            }
            double x = logParams[i];
            double y = logTokens[i];
            double first = w * psi * share[0];
            double second = w * psi * share[1];
            hessian[0][0] += first;
            hessian[3][0] -= first * x;
            hessian[3][3] += first * x * x;
            hessian[1][1] += second;
            hessian[4][1] -= second * y;
            hessian[4][4] += second * y * y;
            hessian[2][2] += w * psi * share[2];
        }
        for (int j = 0; j < SIZE; j++) {
            for (int k = 0; k < j; k++) {
                hessian[k][j] = hessian[j][k];
                majorant[k][j] = majorant[j][k];
            }
        }
        return sum;
    }
}
