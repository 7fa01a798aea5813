package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.interval.IntervalFactors;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.Forecast;

/**
 * All that the study's finished runs said of a running one when it was last fitted. With the bins, the plan and sigma it
 * gives the forecast in force, whatever has become of the study since.
 *
 * @param prior of the law's fit
 * @param endMean the final loss where more than the law speaks of it, nats per token; NaN where not
 * @param endScale its scale; NaN where not
 * @param factors of the intervals
 */
public record Informed(CurvePrior prior, double endMean, double endScale, IntervalFactors factors) {

    /** The forecast from the first {@code closedBins} bins; refused as {@link CurveForecaster#fit} refuses. */
    public Outcome<CurveFit> forecast(
            CurveForecaster forecaster, LogBins bins, int closedBins, LrPlan plan, double sigma) {
        Outcome<CurveFit> law = forecaster.fit(bins, closedBins, plan, sigma, prior);
        return law instanceof Outcome.Found<CurveFit> found ? Outcome.found(bent(found.value())) : law;
    }

    /** The final loss with all of this, of a fit under this prior. */
    Forecast ofEnd(CurveFit law) {
        return bent(law).finalLoss();
    }

    private CurveFit bent(CurveFit law) {
        return Double.isNaN(endMean) ? law.with(factors) : law.ending(endMean, endScale, factors);
    }
}
