package io.straightedge.fitter.curve;

import java.util.List;

/**
 * What finished runs teach about a curve before it is seen.
 *
 * @param logAlphaMean mean of ln alpha, the exponent in cumulative learning rate
 * @param logAlphaSd its standard deviation, &gt; 0
 * @param dropMean mean of C, the drop of a full anneal in units of the present loss
 * @param dropSd its standard deviation, &gt; 0
 * @param shapeWeights of the five anneal shapes of {@link LrPlan}, &gt; 0, in any scale
 */
public record CurvePrior(
        double logAlphaMean, double logAlphaSd, double dropMean, double dropSd, List<Double> shapeWeights) {

    /** Learnt from 1,119 finished runs of nine sources: alpha .46 within a factor 1.28, C .055 +- .02. */
    public static final CurvePrior UNIVERSAL =
            new CurvePrior(Math.log(0.46), 0.25, 0.055, 0.02, List.of(1., 1., 1., 1., 1.));

    public CurvePrior {
        shapeWeights = List.copyOf(shapeWeights);
        boolean scales = logAlphaSd > 0 && dropSd > 0 && Double.isFinite(logAlphaMean + logAlphaSd + dropMean + dropSd);
        boolean weights =
                shapeWeights.size() == LrPlan.SHAPES && shapeWeights.stream().allMatch(w -> w > 0);
        if (!scales || !weights) {
            throw new IllegalArgumentException(
                    "not a prior: sds and the five shape weights must be above 0 and finite");
        }
    }
}
