package io.straightedge.fitter.doubt;

import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.law.ResidualScale;
import io.straightedge.fitter.solve.Spectrum;
import java.util.Arrays;

/**
 * A smooth surface through points, without a law: ln L quadratic in ln N and ln D, fitted so that outliers do not
 * count.
 *
 * <p>Least squares reweighted to least absolute residuals, then by Tukey's biweight at 4.7 robust standard deviations.
 * On a ladder of a few decades it follows a Chinchilla law to about a per cent, which is enough to tell a misprint or
 * another unit from a run. What the layout does not determine is held near zero. Weights of the points are not looked
 * at. O(40 n). Immutable.
 */
final class LogSurface {

    private static final int TERMS = 6;
    private static final int ABSOLUTE = 25;
    private static final int BIWEIGHT = 15;
    private static final double TUKEY = 4.7;
    private static final double SMALL = 1e-6;

    private final double[] x;
    private final double[] y;
    private final double[] logLoss;
    private final double[] offset;
    private final double meanX;
    private final double meanY;
    private double[] coefficients;
    private double sd;

    /** Through all points. */
    LogSurface(LawPoints points) {
        this(points, new double[points.size()]);
    }

    /** Through ln L less {@code offset} [n]. */
    LogSurface(LawPoints points, double[] offset) {
        int n = points.size();
        x = new double[n];
        y = new double[n];
        logLoss = new double[n];
        this.offset = offset;
        for (int i = 0; i < n; i++) {
            x[i] = Math.log(points.params(i));
            y[i] = Math.log(points.tokens(i));
            logLoss[i] = Math.log(points.loss(i));
        }
        meanX = Arrays.stream(x).average().orElse(0);
        meanY = Arrays.stream(y).average().orElse(0);
        double[] weight = new double[n];
        Arrays.fill(weight, 1);
        coefficients = new double[TERMS];
        for (int k = 0; k < ABSOLUTE + BIWEIGHT; k++) {
            coefficients = solve(weight);
            sd = ResidualScale.robust(residuals(), Math.min(TERMS, n - 1));
            for (int i = 0; i < n; i++) {
                double size = Math.abs(residual(i));
                double part = size / (TUKEY * Math.max(sd, SMALL));
                weight[i] = k < ABSOLUTE ? 1 / Math.max(size, SMALL) : part < 1 ? Math.pow(1 - part * part, 2) : 0;
            }
        }
    }

    /** Robust standard deviation of a residual. */
    double sd() {
        return sd;
    }

    /** ln of the loss of point {@code i} over the surface's, less the point's offset. */
    double residual(int i) {
        return residual(i, 0, 0);
    }

    /** The residual that point {@code i} would have with ln N and ln D moved so far. */
    double residual(int i, double moveParams, double moveTokens) {
        return logLoss[i] - offset[i] - dot(terms(x[i] + moveParams - meanX, y[i] + moveTokens - meanY));
    }

    private double[] residuals() {
        double[] residuals = new double[x.length];
        Arrays.setAll(residuals, this::residual);
        return residuals;
    }

    private double dot(double[] terms) {
        double sum = 0;
        for (int j = 0; j < TERMS; j++) {
            sum += coefficients[j] * terms[j];
        }
        return sum;
    }

    private static double[] terms(double u, double v) {
        return new double[] {1, u, v, u * u, u * v, v * v};
    }

    private double[] solve(double[] weight) {
        double[][] normal = new double[TERMS][TERMS];
        double[] right = new double[TERMS];
        for (int i = 0; i < x.length; i++) {
            double[] terms = terms(x[i] - meanX, y[i] - meanY);
            for (int j = 0; j < TERMS; j++) {
                right[j] += weight[i] * terms[j] * (logLoss[i] - offset[i]);
                for (int k = 0; k < TERMS; k++) {
                    normal[j][k] += weight[i] * terms[j] * terms[k];
                }
            }
        }
        double[][] inverse = Spectrum.of(normal).matrix();
        double[] solution = new double[TERMS];
        for (int j = 0; j < TERMS; j++) {
            for (int k = 0; k < TERMS; k++) {
                solution[j] += inverse[j][k] * right[k];
            }
        }
        return solution;
    }
}
