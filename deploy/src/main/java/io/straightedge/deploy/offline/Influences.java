package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.LawEstimator;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which runs a law rests on: what it would say without each of them. */
final class Influences {

    /** A fit for each run, which costs about the square of the coefficients: beyond this product it is left out. */
    private static final int MOST_WORK = 400 * 36;

    private Influences() {}

    /**
     * ln of N* at {@code flops} with a run over without it, by index of the run. Runs without which there is no law are
     * missing; empty for a law that is not one of N and D, and where it
     * would take long: more than 400 runs for six coefficients, 177 for nine.
     */
    static Map<Integer, Double> of(
            LawEstimator estimator, LawFit fit, LawPoints points, FitOptions options, double flops) {
        Map<Integer, Double> influences = new HashMap<>();
        if (points.runs() * fit.theta().size() * fit.theta().size() > MOST_WORK
                || !(fit.law() instanceof SurfaceLaw law)) {
            return influences;
        }
        double with = Math.log(law.optimum(flops).params());
        for (int run = 0; run < points.runs(); run++) {
            double[] weight = new double[points.size()];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = points.run(i) == run ? 0 : points.weight(i);
            }
            double[] theta = estimator.optimum(points.weighted(weight), options, List.of(fit.theta()));
            if (theta != null) {
                influences.put(
                        run, with - Math.log(law.withTheta(theta).optimum(flops).params()));
            }
        }
        return influences;
    }
}
