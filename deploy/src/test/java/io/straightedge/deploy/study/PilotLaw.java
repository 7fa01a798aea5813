package io.straightedge.deploy.study;

import io.straightedge.fitter.law.ExtrapolationFit;
import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Extrapolation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chinchilla's law and the calibrated forecast of a few runs, as a live study would have them.
 *
 * @param fit null where it was refused
 * @param forecast null where it was refused, and without a fit
 */
record PilotLaw(
        List<PilotRun> runs, @Nullable LawFit fit, @Nullable Extrapolation forecast) {

    static PilotLaw of(List<PilotRun> runs) {
        LawPoints points = LawPoints.of(
                runs.stream().mapToDouble(PilotRun::params).toArray(),
                runs.stream().mapToDouble(PilotRun::tokens).toArray(),
                runs.stream().mapToDouble(PilotRun::lossNats).toArray());
        LawFit fit = found(LawEstimators.chinchilla().fit(points, FitOptions.DEFAULT));
        return new PilotLaw(runs, fit, fit == null ? null : found(ExtrapolationFit.of(points, FitOptions.DEFAULT)));
    }

    private static <T> @Nullable T found(Outcome<T> outcome) {
        return outcome instanceof Outcome.Found<T> found ? found.value() : null;
    }

    /** Of the law's loss at a run, as part of the true one; NaN without a law. */
    double errorOfLaw(PilotRun target) {
        return fit == null ? Double.NaN : fit.law().loss(target.params(), target.tokens()) / target.lossNats() - 1;
    }

    /** Of the forecast; NaN without one. */
    double errorOfForecast(PilotRun target) {
        return forecast == null
                ? Double.NaN
                : Math.exp(forecast.logLoss(target.params(), target.tokens())) / target.lossNats() - 1;
    }

    /** As the fitter's message. */
    LawEstimate estimate() {
        List<LawPoint> points = runs.stream()
                .map(run -> new LawPoint(run.name(), run.params(), run.tokens(), run.lossNats(), 1, true))
                .toList();
        return new LawEstimate(
                "pilots",
                "chinchilla",
                "law/pilots/chinchilla/" + runs.size(),
                runs.size(),
                1,
                fit == null ? null : fit.law(),
                fit == null ? List.of() : fit.covariance(),
                Map.of(),
                fit == null ? Double.NaN : fit.objective(),
                fit == null ? Double.NaN : fit.certificate().gradientNorm(),
                fit == null ? Double.NaN : fit.certificate().condition(),
                null,
                points,
                List.of(),
                List.of(),
                Map.of(),
                fit == null ? Double.NaN : fit.sigma(),
                fit == null ? List.of() : fit.basins(),
                forecast,
                null);
    }
}
