package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Regression;
import java.util.Arrays;

/**
 * How an optimum grows with the budget: y = exp(logScale) C^exponent, a straight line through (ln C, ln y).
 *
 * @param exponent a of N* or b of D*
 * @param logScale ln y at C = 1
 * @param sdExponent from the scatter about the line; infinite through two points
 * @param points how many it went through
 */
public record PowerTrend(double exponent, double logScale, double sdExponent, int points) {

    /** y at {@code flops}. */
    public double at(double flops) {
        return Math.exp(logScale + exponent * Math.log(flops));
    }

    /** Least squares of ln y on ln C with weights, all [n], two different C at least. */
    public static PowerTrend of(double[] logFlops, double[] logValue, double[] weight) {
        Regression line = Regression.fit(logFlops, logValue, weight);
        return new PowerTrend(line.slope(), line.intercept(), line.sdSlope(), logFlops.length);
    }

    /** Least squares, all points alike. */
    public static PowerTrend of(double[] logFlops, double[] logValue) {
        double[] ones = new double[logFlops.length];
        Arrays.fill(ones, 1);
        return of(logFlops, logValue, ones);
    }
}
