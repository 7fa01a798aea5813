package io.straightedge.fitter.curve;

import io.straightedge.fitter.interval.ConformalFactors;
import io.straightedge.protocol.fit.Forecast;
import java.util.List;

/** Puts the forecasts under several plans that a run may have into one. */
final class Suppositions {

    private Suppositions() {}

    /** A fit under a plan, and how often runs have such a plan. */
    record Weighed(CurveFit fit, double usual) {}

    /**
     * The curve at a constant rate, bent to end where the plans that the run may have end, each weighing as often as it
     * occurs and as well as it fits: mean and standard deviation of the mixture.
     */
    static CurveFit mixed(CurveFit constant, List<Weighed> plans) {
        double highest = plans.stream()
                .mapToDouble(plan -> plan.fit().logEvidence())
                .max()
                .orElse(0);
        double total = 0;
        double mean = 0;
        double square = 0;
        for (Weighed plan : plans) {
            Forecast end = plan.fit().byItself();
            double weight = plan.usual() * Math.exp(plan.fit().logEvidence() - highest);
            total += weight;
            mean += weight * end.mean();
            square += weight * (end.scale() * end.scale() + end.mean() * end.mean());
        }
        if (total == 0) {
            return constant;
        }
        mean /= total;
        double sd = Math.sqrt(Math.max(0, square / total - mean * mean));
        return constant.ending(mean, sd, ConformalFactors.UNSCHEDULED.at(constant.fraction()));
    }
}
