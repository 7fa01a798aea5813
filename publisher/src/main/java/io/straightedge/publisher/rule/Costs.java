package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Deviation.Outlook;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.CurveLaw;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.law.Variable;
import io.straightedge.protocol.signal.Alert.Cost;
import org.jspecify.annotations.Nullable;

/** What a worse final loss costs in compute, by a study's law. Pure. */
final class Costs {

    private Costs() {}

    /**
     * The compute that a deviation wastes.
     *
     * <p>share = 1 - C(after) / C(before), flops = share * run, where C(L) is the least compute that reaches the loss L on
     * the law's frontier. before, after: predicted final losses without and with the deviation, nats per token; run: the
     * run's training FLOPs, 6ND where it does not say. The share is what the run pays more than it would need for what it
     * gets, whatever the run's own distance from the frontier. Negative for a loss that is better. O(1), but for laws
     * whose optimum is searched for.
     *
     * <p>Null without both losses; only the losses where there is no law of N and D or of compute, or where the law
     * cannot reach them.
     */
    static @Nullable Cost of(@Nullable Outlook outlook, @Nullable LawEstimate estimate) {
        if (outlook == null || outlook.finalBefore() == null || outlook.finalAfter() == null) {
            return null;
        }
        double before = outlook.finalBefore();
        double after = outlook.finalAfter();
        if (!Double.isFinite(before) || !Double.isFinite(after)) {
            return null;
        }
        ScalingLaw law = estimate == null ? null : estimate.law();
        double share = 1 - computeFor(law, after) / computeFor(law, before);
        if (!Double.isFinite(share)) {
            return new Cost(before, after, null, null);
        }
        Double run = runFlops(outlook);
        return new Cost(before, after, run == null ? null : share * run, share);
    }

    private static double computeFor(@Nullable ScalingLaw law, double loss) {
        double flops = Double.NaN;
        if (law instanceof SurfaceLaw surface) {
            flops = surface.computeFor(loss);
        } else if (law instanceof CurveLaw curve && curve.variable() == Variable.COMPUTE) {
            flops = curve.inverse(loss);
        }
        return Double.isFinite(flops) && flops > 0 ? flops : Double.NaN;
    }

    private static @Nullable Double runFlops(Outlook outlook) {
        if (outlook.runFlops() != null) {
            return outlook.runFlops();
        }
        return outlook.params() == null || outlook.tokens() == null
                ? null
                : (Double) (ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * outlook.params() * outlook.tokens());
    }
}
