package io.straightedge.fitter.law;

import io.straightedge.protocol.fit.LawBasin;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A fitted law.
 *
 * @param estimator its name, {@link LawEstimator#name()}
 * @param theta the coefficients in the law's order at full precision [p]; a warm refit starts here
 * @param covariance [p][p] of theta
 * @param sigma robust standard deviation of a log residual of weight 1
 * @param objective value of F at theta
 * @param points how many had a weight above zero
 * @param diagnostics doubts, in words
 */
public record LawFit(
        String estimator,
        RunLaw law,
        List<Double> theta,
        List<List<Double>> covariance,
        double sigma,
        double objective,
        Certificate certificate,
        int points,
        List<String> diagnostics) {

    public LawFit {
        theta = List.copyOf(theta);
        covariance = List.copyOf(covariance);
        diagnostics = List.copyOf(diagnostics);
    }

    /** The optima that the fit found, best first, but for those whose coefficients are no law of the form. */
    public List<LawBasin> basins() {
        List<LawBasin> basins = new ArrayList<>();
        for (Certificate.Basin basin : certificate.basins()) {
            double[] of =
                    basin.theta().stream().mapToDouble(Double::doubleValue).toArray();
            // An optimum with a negative exponent explains the points and says nothing beyond them.
            RunLaw found = LawHuber.law(law, of);
            if (found != null) {
                basins.add(new LawBasin(basin.objective(), found));
            }
        }
        return basins;
    }

    /** From arrays. */
    static LawFit of(
            String estimator,
            RunLaw law,
            double[] theta,
            double[][] covariance,
            double sigma,
            double objective,
            Certificate certificate,
            int points,
            List<String> diagnostics) {
        return new LawFit(
                estimator,
                law,
                Arrays.stream(theta).boxed().toList(),
                Arrays.stream(covariance)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                sigma,
                objective,
                certificate,
                points,
                diagnostics);
    }
}
