package io.straightedge.fitter.law;

import java.util.Arrays;

/**
 * The objective of approach 3 and its derivatives.
 *
 * <p>F = sum_i w_i Huber_d(r_i), r_i = log(exp(a - alpha x_i) + exp(b - beta y_i) + exp e) - log L_i, with x and y the
 * {@link CentredLogs}. Huber_d(r) = r^2/2 within d, d (|r| - d/2) beyond. With the softmax weights s of the three terms
 * and z' the gradient of a term, J = sum s z', psi = clip(r, -d, d): gradient sum w psi J; Hessian sum w (psi' J J' +
 * psi (sum s z' z'' - J J')); majorant sum w min(1, d/|r|) J J'. O(n): an exp and a log a point, and an exp for each
 * distinct N. Never NaN for finite theta. Workspace, one thread.
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, section D.2"
 */
final class LogHuber implements RobustObjective {

    static final int SIZE = 5;

    private final CentredLogs logs;
    private final double[] logParams;
    private final double[] logTokens;
    private final double[] logLoss;
    private final double[] weight;
    private final double[] paramsTerm;
    private double delta = 1;
    private final double[] jacobian = new double[SIZE];
    private final double[] share = new double[3];
    /** Lower triangles, by rows: sum of w (psi' - psi) J J', and of w min(1, d/|r|) J J'. */
    private final double[] outer = new double[SIZE * (SIZE + 1) / 2];

    private final double[] major = new double[SIZE * (SIZE + 1) / 2];
    /** Sums of w psi sum s z' z'': of 1, x, x^2 for the first term, of 1, y, y^2 for the second, of 1 for the third. */
    private final double[] second = new double[7];

    LogHuber(CentredLogs logs) {
        this.logs = logs;
        logParams = logs.params;
        logTokens = logs.tokens;
        logLoss = logs.loss;
        weight = logs.weight;
        paramsTerm = new double[logs.sizes.length];
    }

    @Override
    public void delta(double bound) {
        delta = bound;
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
        int n = weight.length;
        double[] residuals = new double[n];
        double[][] slopes = new double[n][];
        double floor = Math.exp(theta[2]);
        paramsTerms(theta);
        for (int i = 0; i < n; i++) {
            double tokens = Math.exp(theta[1] - theta[4] * logTokens[i]);
            residuals[i] = residual(paramsTerm[logs.sizeOf[i]], tokens, floor, theta, i);
            slopes[i] = jacobian(i).clone();
        }
        return new LawCovariance(residuals, slopes, logs.points(), options);
    }

    @Override
    public double value(double[] theta) {
        double floor = Math.exp(theta[2]);
        paramsTerms(theta);
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            double tokens = Math.exp(theta[1] - theta[4] * logTokens[i]);
            double r = Math.abs(residual(paramsTerm[logs.sizeOf[i]], tokens, floor, theta, i));
            sum += weight[i] * (r <= delta ? 0.5 * r * r : delta * (r - 0.5 * delta));
        }
        return sum;
    }

    /** r_i by way of logarithms, which no theta makes overflow; leaves the shares of the terms in {@link #share}. */
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
        clear(gradient);
        double floor = Math.exp(theta[2]);
        paramsTerms(theta);
        double value = 0;
        for (int i = 0; i < weight.length; i++) {
            double w = weight[i];
            if (w == 0) {
                continue;
            }
            double r =
                    residual(paramsTerm[logs.sizeOf[i]], Math.exp(theta[1] - theta[4] * logTokens[i]), floor, theta, i);
            double size = Math.abs(r);
            boolean inside = size <= delta;
            double psi = inside ? r : Math.copySign(delta, r);
            value += w * (inside ? 0.5 * r * r : delta * (size - 0.5 * delta));
            add(i, w * psi, w * ((inside ? 1 : 0) - psi), w * (inside ? 1 : delta / size), gradient);
        }
        write(hessian, majorant);
        return value;
    }

    private void paramsTerms(double[] theta) {
        for (int k = 0; k < paramsTerm.length; k++) {
            paramsTerm[k] = Math.exp(theta[0] - theta[3] * logs.sizes[k]);
        }
    }

    /** r_i from the three terms; leaves their shares in {@link #share}. */
    private double residual(double params, double tokens, double floor, double[] theta, int i) {
        double sum = params + tokens + floor;
        if (!(sum < Double.MAX_VALUE && sum > Double.MIN_NORMAL)) {
            return residual(theta, i);
        }
        double inverse = 1 / sum;
        share[0] = params * inverse;
        share[1] = tokens * inverse;
        share[2] = floor * inverse;
        return Math.log(sum) - logLoss[i];
    }

    private void clear(double[] gradient) {
        Arrays.fill(gradient, 0);
        Arrays.fill(outer, 0);
        Arrays.fill(major, 0);
        Arrays.fill(second, 0);
    }

    /** Adds a point's part, after {@link #residual}. */
    private void add(int i, double psi, double outerWeight, double majorWeight, double[] gradient) {
        double x = logParams[i];
        double y = logTokens[i];
        double[] slope = jacobian(i);
        int at = 0;
        for (int j = 0; j < SIZE; j++) {
            gradient[j] += psi * slope[j];
            for (int k = 0; k <= j; k++) {
                double product = slope[j] * slope[k];
                outer[at] += outerWeight * product;
                major[at++] += majorWeight * product;
            }
        }
        double first = psi * share[0];
        double other = psi * share[1];
        second[0] += first;
        second[1] += first * x;
        second[2] += first * x * x;
        second[3] += other;
        second[4] += other * y;
        second[5] += other * y * y;
        second[6] += psi * share[2];
    }

    private void write(double[][] hessian, double[][] majorant) {
        int at = 0;
        for (int j = 0; j < SIZE; j++) {
            for (int k = 0; k <= j; k++) {
                hessian[j][k] = outer[at];
                majorant[j][k] = major[at];
                majorant[k][j] = major[at++];
            }
        }
        hessian[0][0] += second[0];
        hessian[3][0] -= second[1];
        hessian[3][3] += second[2];
        hessian[1][1] += second[3];
        hessian[4][1] -= second[4];
        hessian[4][4] += second[5];
        hessian[2][2] += second[6];
        for (int j = 0; j < SIZE; j++) {
            for (int k = 0; k < j; k++) {
                hessian[k][j] = hessian[j][k];
            }
        }
    }
}
