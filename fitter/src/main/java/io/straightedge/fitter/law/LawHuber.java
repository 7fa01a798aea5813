package io.straightedge.fitter.law;

import io.straightedge.protocol.law.RunLaw;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The robust objective of any law, in {@link Coordinates} of its theta.
 *
 * <p>F = sum_i w_i Huber_d(r_i), r_i = log L(N_i, D_i; theta) - log L_i. With J = grad L / L, psi = clip(r, -d, d):
 * gradient sum w psi J; Hessian sum w psi' J J' + sum w psi dJ, the second sum by central differences of J at fixed
 * psi; majorant sum w min(1, d/|r|) J J'. Infinite where theta is no law. O(n) evaluations of the law for a value, O(p
 * n) with derivatives. Workspace, one thread.
 */
final class LawHuber implements RobustObjective {

    private static final double DIFFERENCE = 1e-5;

    private final RunLaw form;
    private final LawPoints points;
    private final Coordinates coordinates;
    private final double[] psi;
    private final double[] ofTheta;
    private final double[] slope;
    private double delta = 1;

    /** @param form any law of the form; its coefficients do not matter */
    LawHuber(RunLaw form, LawPoints points, Coordinates coordinates) {
        this.form = form;
        this.points = points;
        this.coordinates = coordinates;
        ofTheta = new double[form.size()];
        psi = new double[points.size()];
        slope = new double[form.size()];
    }

    @Override
    public void delta(double bound) {
        delta = bound;
    }

    @Override
    public double value(double[] x) {
        RunLaw law = law(form, coordinates.theta(x));
        double sum = law == null ? Double.POSITIVE_INFINITY : 0;
        for (int i = 0; law != null && i < points.size(); i++) {
            sum += huber(i, residual(law, points, i));
        }
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    @Override
    public double derivatives(double[] x, double[] gradient, double[][] hessian, double[][] majorant) {
        int p = x.length;
        RunLaw law = law(form, coordinates.theta(x));
        if (law == null) {
            return Double.POSITIVE_INFINITY;
        }
        double[][] change = coordinates.slope(x);
        Arrays.fill(gradient, 0);
        for (int j = 0; j < p; j++) {
            Arrays.fill(hessian[j], 0);
            Arrays.fill(majorant[j], 0);
        }
        double sum = 0;
        for (int i = 0; i < points.size(); i++) {
            double r = residual(law, points, i);
            double w = points.weight(i);
            boolean inside = Math.abs(r) <= delta;
            psi[i] = w * (inside ? r : Math.copySign(delta, r));
            sum += huber(i, r);
            logSlope(law, change, i);
            double major = w * (inside ? 1 : delta / Math.abs(r));
            for (int j = 0; j < p; j++) {
                gradient[j] += psi[i] * slope[j];
                for (int k = 0; k < p; k++) {
                    majorant[j][k] += major * slope[j] * slope[k];
                    hessian[j][k] += inside ? w * slope[j] * slope[k] : 0;
                }
            }
        }
        addSecond(x, hessian);
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    /** Adds sum w psi dJ. A direction in which theta stops being a law adds nothing. */
    private void addSecond(double[] x, double[][] hessian) {
        int p = x.length;
        double[][] second = new double[p][p];
        double[] moved = x.clone();
        for (int j = 0; j < p; j++) {
            double h = DIFFERENCE * Math.max(1, Math.abs(x[j]));
            moved[j] = x[j] + h;
            boolean above = addScores(moved, 1 / (2 * h), second[j]);
            moved[j] = x[j] - h;
            boolean below = addScores(moved, -1 / (2 * h), second[j]);
            moved[j] = x[j];
            if (!above || !below) {
                Arrays.fill(second[j], 0);
            }
        }
        for (int j = 0; j < p; j++) {
            for (int k = 0; k < p; k++) {
                hessian[j][k] += 0.5 * (second[j][k] + second[k][j]);
            }
        }
    }

    /** False where {@code x} is no law. */
    private boolean addScores(double[] x, double factor, double[] out) {
        RunLaw law = law(form, coordinates.theta(x));
        if (law == null) {
            return false;
        }
        double[][] change = coordinates.slope(x);
        for (int i = 0; i < points.size(); i++) {
            logSlope(law, change, i);
            for (int k = 0; k < out.length; k++) {
                out[k] += factor * psi[i] * slope[k];
            }
        }
        return true;
    }

    /** Writes the gradient of log L by the coordinates into {@link #slope}. */
    private void logSlope(RunLaw law, double[][] change, int i) {
        law.gradient(points.params(i), points.tokens(i), ofTheta);
        double loss = law.loss(points.params(i), points.tokens(i));
        for (int k = 0; k < slope.length; k++) {
            double sum = 0;
            for (int j = 0; j < slope.length; j++) {
                sum += ofTheta[j] * change[j][k];
            }
            slope[k] = sum / loss;
        }
    }

    private double huber(int i, double residual) {
        double r = Math.abs(residual);
        return points.weight(i) * (r <= delta ? 0.5 * r * r : delta * (r - 0.5 * delta));
    }

    @Override
    public double[] coordinates(double[] theta) {
        return coordinates.of(theta);
    }

    @Override
    public double[] theta(double[] x) {
        return coordinates.theta(x);
    }

    @Override
    public LawCovariance covariance(double[] x, FitOptions options) {
        RunLaw law = form.withTheta(coordinates.theta(x));
        double[][] change = coordinates.slope(x);
        int n = points.size();
        double[] residuals = new double[n];
        double[][] slopes = new double[n][];
        for (int i = 0; i < n; i++) {
            residuals[i] = residual(law, points, i);
            logSlope(law, change, i);
            slopes[i] = slope.clone();
        }
        return new LawCovariance(residuals, slopes, points, options);
    }

    @Override
    public double[][] ofTheta(double[][] covariance, double[] x) {
        double[][] change = coordinates.slope(x);
        int p = x.length;
        double[][] out = new double[p][p];
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                for (int k = 0; k < p; k++) {
                    for (int l = 0; l < p; l++) {
                        out[i][j] += change[i][k] * covariance[k][l] * change[j][l];
                    }
                }
            }
        }
        return out;
    }

    /** log L(N_i, D_i) - log L_i. */
    static double residual(RunLaw law, LawPoints points, int i) {
        return Math.log(law.loss(points.params(i), points.tokens(i)) / points.loss(i));
    }

    /** The law with theta; null where that is none. */
    static @Nullable RunLaw law(RunLaw form, double[] theta) {
        try {
            return form.withTheta(theta);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
