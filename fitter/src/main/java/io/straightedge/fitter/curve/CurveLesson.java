package io.straightedge.fitter.curve;

import java.util.function.IntToDoubleFunction;

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
        CurveFit fit) {

    /**
     * What a fit at the end of a run teaches: posterior means and standard deviations.
     *
     * @param unlikely the mean of C given a shape that carries no weight in the posterior
     */
    static CurveLesson of(CurveFit fit, IntToDoubleFunction unlikely) {
        CurveCells cells = fit.cells();
        double[] weight = new double[LrPlan.SHAPES];
        double[] drop = new double[LrPlan.SHAPES];
        double logAlpha = 0;
        double logAlphaSquare = 0;
        double mean = 0;
        double square = 0;
        for (int i = 0; i < cells.n; i++) {
            double w = cells.weight[i];
            double c = cells.theta[3 * i + 2];
            double sd = cells.factor[6 * i + 5];
            double log = Math.log(cells.alpha[i]);
            weight[cells.shape[i]] += w;
            drop[cells.shape[i]] += w * c;
            logAlpha += w * log;
            logAlphaSquare += w * log * log;
            mean += w * c;
            square += w * (c * c + sd * sd);
        }
        for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
            drop[shape] = weight[shape] > CurveForecaster.LEAST_WEIGHT
                    ? drop[shape] / weight[shape]
                    : unlikely.applyAsDouble(shape);
        }
        return new CurveLesson(
                logAlpha,
                Math.sqrt(Math.max(0, logAlphaSquare - logAlpha * logAlpha)),
                weight,
                drop,
                mean,
                Math.sqrt(Math.max(0, square - mean * mean)),
                fit.firstStep(),
                fit);
    }
}
