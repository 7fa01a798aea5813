package io.straightedge.fitter.solve;

import java.util.Arrays;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresProblem;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularMatrixException;
import org.apache.commons.math3.util.Pair;

/**
 * Levenberg-Marquardt with slopes by differences, for curves that are fitted once in a while; with the value of the
 * model at one further place and its standard deviation by the delta method. Refused when it does not converge within
 * {@value #MOST_EVALUATIONS} evaluations or leaves the finite numbers.
 */
public final class LeastSquares {

    private static final int MOST_EVALUATIONS = 200;
    private static final double STEP = 1e-6;
    /** Stands for what is not finite, so that the damping turns back. */
    private static final double FAR = 1e6;

    private LeastSquares() {}

    /** The model [n + 1] at the n places of the data and one more, for parameters [p]. */
    @FunctionalInterface
    public interface Model {
        /** The values at {@code parameters}. */
        double[] at(double[] parameters);
    }

    /**
     * A fit.
     *
     * @param parameters where it ended [p]
     * @param cost sum of squared residuals
     * @param end the model at the further place
     * @param endSd its standard deviation; infinite when the data do not determine the parameters
     */
    @SuppressWarnings("ArrayRecordComponent") // read at once by the caller, never compared
    public record Fit(double[] parameters, double cost, double end, double endSd) {}

    /** Fits {@code data} [n] from {@code start} [p]. */
    public static Outcome<Fit> fit(double[] data, Model model, double[] start) {
        int n = data.length;
        int p = start.length;
        if (n < p) {
            return Outcome.refused("fewer data than parameters");
        }
        LeastSquaresProblem problem = new LeastSquaresBuilder()
                .start(start)
                .target(data)
                .model(point -> both(model, point, n))
                .maxEvaluations(MOST_EVALUATIONS)
                .maxIterations(MOST_EVALUATIONS)
                .build();
        try {
            Optimum optimum = new LevenbergMarquardtOptimizer().optimize(problem);
            double[] found = optimum.getPoint().toArray();
            double end = model.at(found)[n];
            double cost = optimum.getResiduals().dotProduct(optimum.getResiduals());
            if (!Double.isFinite(end + cost)) {
                return Outcome.refused("the fit left the finite numbers");
            }
            return Outcome.found(new Fit(found, cost, end, endSd(model, found, optimum, cost / Math.max(1, n - p))));
        } catch (MathIllegalStateException e) {
            return Outcome.refused("no convergence");
        }
    }

    private static double endSd(Model model, double[] at, Optimum optimum, double variance) {
        int n = optimum.getResiduals().getDimension();
        double[] slope = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            slope[i] = slope(model, at, i)[n];
        }
        try {
            RealVector gradient = new ArrayRealVector(slope, false);
            double value = gradient.dotProduct(optimum.getCovariances(1e-14).operate(gradient)) * variance;
            return value >= 0 ? Math.sqrt(value) : Double.POSITIVE_INFINITY;
        } catch (SingularMatrixException e) {
            return Double.POSITIVE_INFINITY;
        }
    }

    private static Pair<RealVector, RealMatrix> both(Model model, RealVector point, int n) {
        double[] at = point.toArray();
        double[] value = finite(model.at(at));
        double[][] slopes = new double[n][at.length];
        for (int i = 0; i < at.length; i++) {
            double[] slope = slope(model, at, i);
            for (int j = 0; j < n; j++) {
                slopes[j][i] = Double.isFinite(slope[j]) ? slope[j] : 0;
            }
        }
        double[] head = Arrays.copyOf(value, n);
        return new Pair<>(new ArrayRealVector(head, false), new Array2DRowRealMatrix(slopes, false));
    }

    private static double[] slope(Model model, double[] at, int i) {
        double step = STEP * Math.max(1, Math.abs(at[i]));
        double[] shifted = at.clone();
        shifted[i] = at[i] + step;
        double[] above = model.at(shifted);
        shifted[i] = at[i] - step;
        double[] below = model.at(shifted);
        for (int j = 0; j < above.length; j++) {
            above[j] = (above[j] - below[j]) / (2 * step);
        }
        return above;
    }

    private static double[] finite(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.isFinite(values[i]) ? values[i] : FAR;
        }
        return values;
    }
}
