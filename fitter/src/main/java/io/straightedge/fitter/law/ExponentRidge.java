package io.straightedge.fitter.law;

/**
 * A robust objective with a weak prior on its exponents, for forecasts from few or collinear runs.
 *
 * <p>Adds (w/2) [((gamma alpha - m)/s)^2 + ((gamma beta - m)/s)^2 + (ln gamma)^2], m = .35 and s = .25, gamma = 1 in a
 * form without it. That is minus the logarithm of normal priors when w = delta sigma, sigma the scale of residuals that
 * are double-exponential. The coordinates must be (a, b, e, alpha, beta[, ln gamma]). Workspace, one thread.
 */
final class ExponentRidge implements RobustObjective {

    /** Middle of the exponents published for loss in N and D, .28 to .45; the width is made three times theirs. */
    static final double MEAN = 0.35;

    private static final double WIDTH = 0.25;
    private static final int ALPHA = 3;
    private static final int BETA = 4;
    private static final int LOG_GAMMA = 5;

    private final RobustObjective objective;
    private final double weight;

    ExponentRidge(RobustObjective objective, double weight) {
        this.objective = objective;
        this.weight = weight;
    }

    @Override
    public void delta(double bound) {
        objective.delta(bound);
    }

    @Override
    public double value(double[] x) {
        return objective.value(x) + penalty(x);
    }

    private double penalty(double[] x) {
        double gamma = gamma(x);
        double alpha = (gamma * x[ALPHA] - MEAN) / WIDTH;
        double beta = (gamma * x[BETA] - MEAN) / WIDTH;
        double logGamma = x.length > LOG_GAMMA ? x[LOG_GAMMA] : 0;
        return 0.5 * weight * (alpha * alpha + beta * beta + logGamma * logGamma);
    }

    private static double gamma(double[] x) {
        return x.length > LOG_GAMMA ? Math.exp(x[LOG_GAMMA]) : 1;
    }

    @Override
    public double derivatives(double[] x, double[] gradient, double[][] hessian, double[][] majorant) {
        double value = objective.derivatives(x, gradient, hessian, majorant);
        if (Double.isInfinite(value)) {
            return value;
        }
        addOf(ALPHA, x, gradient, hessian, majorant);
        addOf(BETA, x, gradient, hessian, majorant);
        if (x.length > LOG_GAMMA) {
            gradient[LOG_GAMMA] += weight * x[LOG_GAMMA];
            hessian[LOG_GAMMA][LOG_GAMMA] += weight;
            majorant[LOG_GAMMA][LOG_GAMMA] += weight;
        }
        return value + penalty(x);
    }

    /** The part of one exponent: with k = gamma x - m and w' = w/s^2, w' k dk, w' (dk dk' + k d2k), w' dk dk'. */
    private void addOf(int at, double[] x, double[] gradient, double[][] hessian, double[][] majorant) {
        double gamma = gamma(x);
        double scaled = weight / (WIDTH * WIDTH);
        double product = gamma * x[at];
        double off = product - MEAN;
        gradient[at] += scaled * off * gamma;
        hessian[at][at] += scaled * gamma * gamma;
        majorant[at][at] += scaled * gamma * gamma;
        if (x.length > LOG_GAMMA) {
            double mixed = scaled * gamma * product;
            double curved = scaled * gamma * off;
            gradient[LOG_GAMMA] += scaled * off * product;
            hessian[LOG_GAMMA][at] += mixed + curved;
            hessian[at][LOG_GAMMA] += mixed + curved;
            hessian[LOG_GAMMA][LOG_GAMMA] += scaled * (product * product + off * product);
            majorant[LOG_GAMMA][at] += mixed;
            majorant[at][LOG_GAMMA] += mixed;
            majorant[LOG_GAMMA][LOG_GAMMA] += scaled * product * product;
        }
    }

    @Override
    public double[] coordinates(double[] theta) {
        return objective.coordinates(theta);
    }

    @Override
    public double[] theta(double[] coordinates) {
        return objective.theta(coordinates);
    }

    @Override
    public LawCovariance covariance(double[] coordinates, FitOptions options) {
        return objective.covariance(coordinates, options);
    }

    @Override
    public double[][] ofTheta(double[][] covariance, double[] coordinates) {
        return objective.ofTheta(covariance, coordinates);
    }
}
