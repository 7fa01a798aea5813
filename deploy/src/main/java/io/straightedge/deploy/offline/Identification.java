package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.Identified;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.publisher.predict.LawSummary;
import io.straightedge.publisher.predict.Recommendations;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What the points say of a law, and which of its coefficients they cannot tell apart. */
final class Identification {

    /** Pairs of coefficients that make up for one another. */
    private static final List<List<String>> PAIRS =
            List.of(List.of("A", "alpha"), List.of("B", "beta"), List.of("E", "alpha"), List.of("E", "beta"));

    private Identification() {}

    /** @param draws theta of resamples; where there are any, intervals and correlations are theirs */
    static Identified of(LawFit fit, LawEstimate estimate, List<double[]> draws) {
        LawSummary summary = LawSummary.of(estimate);
        Interval scale = summary == null ? null : summary.scaleG();
        Interval exponent = summary == null ? null : summary.exponentOfParams();
        if (!draws.isEmpty() && fit.law() instanceof SurfaceLaw law && exponent != null) {
            List<SurfaceLaw> laws = draws.stream().map(law::withTheta).toList();
            double flops = Recommendations.largestBudget(estimate);
            scale = scale == null ? null : over(laws, scale.value(), each -> ((ChinchillaLaw) each).scaleG());
            exponent = over(laws, exponent.value(), each -> exponent(each, flops));
        }
        return new Identified(
                scale,
                exponent,
                exponent == null ? null : lessThanOne(exponent),
                correlations(fit, draws),
                fit.certificate().condition());
    }

    /** d ln N* / d ln C over a factor of e either way, as {@link LawSummary} has it. */
    private static double exponent(SurfaceLaw law, double flops) {
        return Math.log(law.optimum(flops * Math.E).params()
                        / law.optimum(flops / Math.E).params())
                / 2;
    }

    private static Interval over(List<SurfaceLaw> laws, double value, ToDoubleFunction<SurfaceLaw> of) {
        Interval spread = new Quantiles(laws.stream().mapToDouble(of).toArray()).interval();
        return new Interval(value, spread.lower80(), spread.upper80(), spread.lower95(), spread.upper95());
    }

    /** Of 1 - a. */
    private static Interval lessThanOne(Interval a) {
        return new Interval(1 - a.value(), 1 - a.upper80(), 1 - a.lower80(), 1 - a.upper95(), 1 - a.lower95());
    }

    private static Map<String, Double> correlations(LawFit fit, List<double[]> draws) {
        Map<String, Double> correlations = new TreeMap<>();
        List<String> names = fit.law().names();
        for (List<String> pair : PAIRS) {
            int i = names.indexOf(pair.get(0));
            int j = names.indexOf(pair.get(1));
            if (i >= 0 && j >= 0) {
                correlations.put(
                        pair.get(0) + "," + pair.get(1),
                        draws.isEmpty() ? correlation(fit.covariance(), i, j) : drawn(draws, i, j));
            }
        }
        return correlations;
    }

    private static double correlation(List<List<Double>> covariance, int i, int j) {
        return covariance.get(i).get(j)
                / Math.sqrt(covariance.get(i).get(i) * covariance.get(j).get(j));
    }

    private static double drawn(List<double[]> draws, int i, int j) {
        double meanI = draws.stream().mapToDouble(theta -> theta[i]).average().orElse(Double.NaN);
        double meanJ = draws.stream().mapToDouble(theta -> theta[j]).average().orElse(Double.NaN);
        double ii = 0;
        double jj = 0;
        double ij = 0;
        for (double[] theta : draws) {
            ii += (theta[i] - meanI) * (theta[i] - meanI);
            jj += (theta[j] - meanJ) * (theta[j] - meanJ);
            ij += (theta[i] - meanI) * (theta[j] - meanJ);
        }
        return ij / Math.sqrt(ii * jj);
    }
}
