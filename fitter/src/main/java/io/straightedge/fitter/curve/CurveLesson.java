package io.straightedge.fitter.curve;

/**
 * What a finished run's curve says of others of its study.
 *
 * @param logAlpha posterior mean of ln alpha
 * @param logAlphaSd its standard deviation
 * @param shapeWeights posterior weight of each anneal shape of {@link LrPlan}
 * @param drops posterior mean of C given each shape
 * @param drop posterior mean of C over all shapes
 * @param dropSd its standard deviation
 * @param firstStep mean step of the first bin used
 * @param fit the curve itself, at the run's end
 */
@SuppressWarnings("ArrayRecordComponent") // read at once by the history, never compared
public record CurveLesson(
        double logAlpha,
        double logAlphaSd,
        double[] shapeWeights,
        double[] drops,
        double drop,
        double dropSd,
        double firstStep,
        CurveFit fit) {}
