package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.Detour;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.interval.ForecastTrail;
import io.straightedge.fitter.interval.KeptForecast;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.run.RunManifest;

/**
 * What would have been forecast of a run that has ended before its planned end, had its end been known.
 *
 * <p>The forecasts kept are of the planned end, which never came. For each of them the bins that were closed by then are
 * fitted again, with the run's own learning rate up to where it ended; the noise is that of the end. A fit each.
 */
final class CutShort {

    private CutShort() {}

    /** Of the steps at which forecasts are kept; those that cannot be made again are left out. */
    static ForecastTrail trail(RunState run, SplitState split, WhatIfs.Forecasting forecasting) {
        LrPlan own = run.plan();
        RunManifest manifest = run.manifest();
        ForecastTrail again = new ForecastTrail();
        if (own == null || split.trail.isEmpty()) {
            return again;
        }
        LrPlan plan = Detour.cut(own, manifest == null ? null : manifest.schedule(), split.lastStep);
        for (KeptForecast kept : split.trail.kept()) {
            int closed = 0;
            while (closed < split.closedBins() && LogBins.firstStep(split.bins.index(closed) + 1) <= kept.step() + 1) {
                closed++;
            }
            boolean before = kept.step() < split.lastStep;
            if (before
                    && forecasting.fit(split, split.bins.first(closed), plan)
                            instanceof Outcome.Found<CurveFit> found) {
                again.keep(CurveUpdates.kept(kept.step(), split.lastStep, found.value()));
            }
        }
        return again;
    }
}
