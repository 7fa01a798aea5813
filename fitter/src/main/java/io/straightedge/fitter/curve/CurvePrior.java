package io.straightedge.fitter.curve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is believed of a curve before it is seen.
 *
 * @param logAlphaMean mean of ln alpha, the exponent in cumulative learning rate
 * @param logAlphaSd its standard deviation, &gt; 0
 * @param dropMean mean of C for each anneal shape of {@link LrPlan}: the drop per unit of the shape in units of the
 *     present loss
 * @param dropSd their standard deviations, &gt; 0
 * @param shapeWeights of the shapes, &gt; 0, in any scale
 */
public record CurvePrior(
        double logAlphaMean, double logAlphaSd, List<Double> dropMean, List<Double> dropSd, List<Double> shapeWeights) {

    /** Where finished runs of many studies lie: alpha .5 within a factor 1.28. */
    public static final double LOG_ALPHA = Math.log(.5);

    private static final double LOG_ALPHA_SD = .25;

    /**
     * C of a shape over that of an anneal to zero that is followed without a lag: shapes that lag more, or start slower,
     * reach less of their drop and need a larger C for the same curve.
     */
    private static final double[] SHAPE_FACTOR = {.93, 1.45, 2.3, .98, .9, .8};

    private static final double DROP = .078;
    private static final double DROP_RATE = 1e-3;
    private static final double DROP_EXPONENT = .33;
    private static final double LEAST_DROP = .03;
    private static final double MOST_DROP = .25;
    private static final double DROP_SPREAD = .4;

    /** Before the study has taught anything, with nothing known of the recipe. */
    public static final CurvePrior UNIVERSAL = universal(Double.NaN);

    /** Says little: what a finished run is fitted under. */
    static final CurvePrior VAGUE = flat(Math.log(.46), .6, .08, .08);

    public CurvePrior {
        dropMean = List.copyOf(dropMean);
        dropSd = List.copyOf(dropSd);
        shapeWeights = List.copyOf(shapeWeights);
        boolean complete = dropMean.size() == LrPlan.SHAPES
                && dropSd.size() == LrPlan.SHAPES
                && shapeWeights.size() == LrPlan.SHAPES;
        boolean positive = logAlphaSd > 0
                && dropSd.stream().allMatch(sd -> sd > 0)
                && shapeWeights.stream().allMatch(weight -> weight > 0);
        boolean finite = Double.isFinite(logAlphaMean + logAlphaSd)
                && dropMean.stream().allMatch(Double::isFinite)
                && dropSd.stream().allMatch(Double::isFinite)
                && shapeWeights.stream().allMatch(Double::isFinite);
        if (!complete || !positive || !finite) {
            throw new IllegalArgumentException(
                    "not a prior: it needs a drop, its sd and a weight for each shape, sds and weights above 0, all finite");
        }
    }

    /**
     * Before the study has taught anything: C = {@value #DROP} (lr/{@value #DROP_RATE})^{@value #DROP_EXPONENT} within
     * [{@value #LEAST_DROP}, {@value #MOST_DROP}] and {@value #DROP_SPREAD} of itself, the trend of AdamW runs of three
     * sources; {@value #DROP} where the rate says nothing.
     *
     * @param adamPeakRate peak learning rate of an Adam-like optimiser; NaN when unknown or of another optimiser
     */
    public static CurvePrior universal(double adamPeakRate) {
        double drop = universalDrop(adamPeakRate);
        List<Double> means = new ArrayList<>();
        List<Double> sds = new ArrayList<>();
        for (double factor : SHAPE_FACTOR) {
            means.add(drop * factor);
            sds.add(drop * factor * DROP_SPREAD);
        }
        return new CurvePrior(LOG_ALPHA, LOG_ALPHA_SD, means, sds, Collections.nCopies(LrPlan.SHAPES, 1.0));
    }

    private static CurvePrior flat(double logAlphaMean, double logAlphaSd, double drop, double dropSd) {
        List<Double> equal = Collections.nCopies(LrPlan.SHAPES, 1.0);
        return new CurvePrior(
                logAlphaMean,
                logAlphaSd,
                Collections.nCopies(LrPlan.SHAPES, drop),
                Collections.nCopies(LrPlan.SHAPES, dropSd),
                equal);
    }

    /** The trend's C at a peak learning rate; NaN when unknown. */
    public static double universalDrop(double adamPeakRate) {
        if (!(adamPeakRate > 0)) {
            return DROP;
        }
        double drop = DROP * Math.pow(adamPeakRate / DROP_RATE, DROP_EXPONENT);
        return Math.max(LEAST_DROP, Math.min(MOST_DROP, drop));
    }

    /** C of {@code shape} over that of an anneal to zero followed without a lag. */
    public static double shapeFactor(int shape) {
        return SHAPE_FACTOR[shape];
    }
}
