package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.Alternative;
import io.straightedge.fitter.doubt.DataDoubts;
import io.straightedge.fitter.law.HoldOut;
import io.straightedge.fitter.law.LawEstimator;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.law.RollingBackTest;
import io.straightedge.fitter.solve.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A law that takes part: its fit or the refusal, and how it did on what it had not seen.
 *
 * @param doubts about the points, for this form
 * @param holdOut of the largest budgets, by the law alone; null where it was not tested
 * @param rollingPercent mean absolute error over several cuts, in percent: what laws compete by; null likewise
 */
record Entry(
        LawEstimator estimator,
        Outcome<LawFit> outcome,
        DataDoubts doubts,
        @Nullable HoldOutReport holdOut,
        @Nullable Double rollingPercent) {

    /** Laws of one variable, which ask less of the points. */
    private static final Set<String> CURVES = Set.of("kaplan-n", "kaplan-d", "kaplan-c", "saturating");

    /** Fewest coefficients of a law of N and D: whether there are enough points for more, its own fit says. */
    private static final int LEAST_COEFFICIENTS = 4;

    static Entry of(LawEstimator estimator, Sample sample, FitChoices choices) {
        LawPoints points = sample.points();
        DataDoubts doubts = doubts(estimator, sample);
        Outcome<LawFit> outcome = doubts.refusals().isEmpty()
                ? estimator.fit(points, choices.options())
                : Outcome.refused(String.join("; ", doubts.refusals()));
        if (choices.holdOutBudgets() == 0 || outcome instanceof Outcome.Refused) {
            return new Entry(estimator, outcome, doubts, null, null);
        }
        Outcome<HoldOut> held = RollingBackTest.holdOut(estimator, points, choices.options(), choices.holdOutBudgets());
        Outcome<HoldOut> rolling = RollingBackTest.rolling(estimator, points, choices.options());
        return new Entry(
                estimator,
                outcome,
                doubts,
                held instanceof Outcome.Found<HoldOut> found ? HoldOutReport.of(found.value()) : null,
                rolling instanceof Outcome.Found<HoldOut> found ? found.value().meanAbsolutePercent() : null);
    }

    private static DataDoubts doubts(LawEstimator estimator, Sample sample) {
        DataDoubts found = CURVES.contains(estimator.name())
                ? DataDoubts.ofCurve(sample.points(), sample.notes())
                : DataDoubts.ofSurface(sample.points(), sample.notes(), LEAST_COEFFICIENTS);
        return new DataDoubts(
                found.refusals(),
                Stream.concat(UnitDoubts.of(sample.points()).stream(), found.doubts().stream())
                        .toList());
    }

    /** Infinite where it was not tested. */
    double error() {
        return rollingPercent == null ? Double.POSITIVE_INFINITY : rollingPercent;
    }

    @Nullable
    LawFit fit() {
        return outcome instanceof Outcome.Found<LawFit> found ? found.value() : null;
    }

    @Nullable
    String refusal() {
        return outcome instanceof Outcome.Refused<LawFit> refused ? refused.reason() : null;
    }

    /** Doubts about the points, then about the fit, each once. */
    List<String> diagnostics() {
        LawFit fit = fit();
        return Stream.concat(doubts.doubts().stream(), fit == null ? Stream.of() : fit.diagnostics().stream())
                .distinct()
                .toList();
    }

    Alternative alternative() {
        LawFit fit = fit();
        return new Alternative(
                estimator.name(),
                refusal(),
                fit == null ? null : fit.objective(),
                fit == null ? Map.of() : Coefficients.of(fit.law()).values(),
                holdOut,
                rollingPercent);
    }
}
