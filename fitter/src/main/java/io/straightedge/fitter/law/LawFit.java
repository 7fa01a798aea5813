package io.straightedge.fitter.law;

import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.List;

/**
 * A fitted law.
 *
 * @param theta (a, b, e, alpha, beta), the log coefficients at full precision; a warm refit starts here
 * @param covariance [5][5] of theta: Gauss-Newton on a robust scale for few points, going over to a sandwich for many, see {@link
 *     LawCovariance}
 * @param sigma robust standard deviation of a log residual of weight 1
 * @param objective value of F at theta
 * @param gradientNorm largest component of the gradient of F at theta (a and b of centred logs) over delta times the sum of the
 *     weights
 * @param condition of the scaled normal matrix J'WJ in the centred coefficients
 * @param points how many had a weight above zero
 * @param diagnostics doubts, in words
 */
public record LawFit(
        ChinchillaLaw law,
        List<Double> theta,
        List<List<Double>> covariance,
        double sigma,
        double objective,
        double gradientNorm,
        double condition,
        int points,
        List<String> diagnostics) {

    public LawFit {
        theta = List.copyOf(theta);
        covariance = List.copyOf(covariance);
        diagnostics = List.copyOf(diagnostics);
    }
}
