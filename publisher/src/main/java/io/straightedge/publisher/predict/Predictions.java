package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Prediction.Basis;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's loss will end: by its own curve where that has a forecast, else by its study's law.
 *
 * <p>A function of the latest curve estimate and the latest law and of nothing else, so that the order in which the two
 * arrive leaves no trace. What the law says beside a curve's forecast is rounded to 1e-4 nats: it is there to be
 * compared, and a law that has hardly moved then changes no prediction.
 */
public final class Predictions {

    private static final double LAW_LOSS_STEPS_PER_NAT = 1e4;

    private Predictions() {}

    /** Null when neither the curve nor the law can say anything, or the run was given up without a forecast. */
    public static @Nullable Prediction of(CurveEstimate estimate, @Nullable LawEstimate law) {
        Forecast byLaw = law == null ? null : byLaw(estimate, law);
        Forecast own = estimate.finalLoss();
        if (own != null) {
            Double lawLoss = byLaw == null ? null : Double.valueOf(rounded(byLaw.mean()));
            return prediction(estimate, estimate.id() + "/curve", Basis.CURVE, own, lawLoss);
        }
        if (law == null || byLaw == null || !Double.isFinite(byLaw.scale()) || givenUp(estimate.status())) {
            return null;
        }
        return prediction(estimate, estimate.id() + "/law/" + law.id(), Basis.LAW, byLaw, byLaw.mean());
    }

    /** What the law says of the run at its planned end; null without N, D or coefficients. */
    private static @Nullable Forecast byLaw(CurveEstimate estimate, LawEstimate law) {
        LawSpread spread = LawSpread.of(law);
        Double params = estimate.params();
        Double tokens = estimate.plannedTokens();
        if (spread == null || params == null || tokens == null || !appliesTo(law, estimate)) {
            return null;
        }
        return spread.loss(params, tokens);
    }

    /** A law speaks of the split that it was fitted on; one that does not say is taken to mean any. */
    static boolean appliesTo(LawEstimate law, CurveEstimate estimate) {
        String split = law.provenance().get("split");
        return split == null || split.equals(estimate.split());
    }

    private static boolean givenUp(RunStatus status) {
        return status == RunStatus.FAILED || status == RunStatus.KILLED;
    }

    private static double rounded(double lossNats) {
        return Math.round(lossNats * LAW_LOSS_STEPS_PER_NAT) / LAW_LOSS_STEPS_PER_NAT;
    }

    private static Prediction prediction(
            CurveEstimate estimate, String id, Basis basis, Forecast finalLoss, @Nullable Double lawLoss) {
        return new Prediction(
                estimate.study(),
                estimate.run(),
                estimate.split(),
                id,
                basis,
                estimate.status(),
                estimate.params(),
                estimate.plannedTokens(),
                estimate.fraction(),
                finalLoss,
                lawLoss,
                estimate.observedFinal());
    }
}
