package io.straightedge.publisher.http;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.publisher.view.RunView;
import io.straightedge.publisher.view.SplitView;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run in one line of a table.
 *
 * @param fraction of the planned run that has been seen; NaN without a plan
 * @param prediction of the final loss; null before there is one
 */
record RunRow(
        String study,
        String run,
        String split,
        List<String> splits,
        RunStatus status,
        int attempt,
        long revision,
        @Nullable Double params,
        @Nullable Double tokens,
        @Nullable Double plannedTokens,
        @Nullable Long plannedSteps,
        long step,
        double fraction,
        @Nullable Double lastLoss,
        boolean finite,
        Prediction.@Nullable Basis basis,
        @Nullable Forecast prediction,
        @Nullable Double lawLoss,
        @Nullable Double observedFinal,
        List<Badge> badges) {

    /**
     * Deviations of one kind.
     *
     * @param active whether one of them has not ended
     */
    record Badge(Detector detector, int count, boolean active, long lastOnsetStep) {}

    /** Null while no estimate of the run is known. */
    static @Nullable RunRow of(RunView run) {
        String split = run.mainSplit();
        SplitView view = split == null ? null : run.splits().get(split);
        CurveEstimate estimate = view == null ? null : view.estimate();
        if (split == null || view == null || estimate == null) {
            return null;
        }
        Prediction prediction = view.prediction();
        return new RunRow(
                estimate.study(),
                estimate.run(),
                split,
                List.copyOf(run.splits().keySet()),
                estimate.status(),
                estimate.attempt(),
                estimate.revision(),
                estimate.params(),
                estimate.tokens(),
                estimate.plannedTokens(),
                estimate.plannedSteps(),
                estimate.step(),
                estimate.fraction(),
                estimate.lastLoss(),
                estimate.finite(),
                prediction == null ? null : prediction.basis(),
                prediction == null ? estimate.finalLoss() : prediction.finalLoss(),
                prediction == null ? null : prediction.lawLoss(),
                estimate.observedFinal(),
                badges(run.deviations()));
    }

    private static List<Badge> badges(List<Deviation> deviations) {
        Map<Detector, Badge> badges = new EnumMap<>(Detector.class);
        for (Deviation deviation : deviations) {
            // A restart has no end of its own.
            boolean active = deviation.began() && deviation.detector() != Detector.RESTART;
            badges.merge(
                    deviation.detector(),
                    new Badge(deviation.detector(), 1, active, deviation.onsetStep()),
                    (old, fresh) -> new Badge(
                            old.detector(),
                            old.count() + 1,
                            old.active() || fresh.active(),
                            Math.max(old.lastOnsetStep(), fresh.lastOnsetStep())));
        }
        return List.copyOf(badges.values());
    }
}
