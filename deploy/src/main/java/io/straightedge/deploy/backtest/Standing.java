package io.straightedge.deploy.backtest;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.LossObservation;
import java.util.Arrays;
import java.util.List;

/**
 * A run as it stands: the finite losses of its last attempt so far, and its plan.
 *
 * @param steps [n] rising
 * @param losses [n] nats per token
 * @param scheduled whether the plan's learning rate is known, and not taken for constant
 */
@SuppressWarnings("ArrayRecordComponent") // read at once by the baselines, never compared
record Standing(double[] steps, double[] losses, long plannedSteps, LrPlan plan, boolean scheduled) {

    /** The run with its observations {@code kept[0..n)} seen. */
    static Standing of(PastRun run, int[] kept, int n, LrPlan plan) {
        List<LossObservation> losses = run.losses();
        double[] step = new double[n];
        double[] loss = new double[n];
        int finite = 0;
        for (int i = 0; i < n; i++) {
            LossObservation seen = losses.get(kept[i]);
            Double value = seen.loss();
            if (value != null && Double.isFinite(value)) {
                step[finite] = seen.step();
                loss[finite++] = value;
            }
        }
        return new Standing(
                Arrays.copyOf(step, finite),
                Arrays.copyOf(loss, finite),
                run.plannedSteps(),
                plan,
                run.manifest().schedule() != null);
    }

    /** The same run with other observations. */
    Standing with(double[] otherSteps, double[] otherLosses) {
        return new Standing(otherSteps, otherLosses, plannedSteps, plan, scheduled);
    }

    int size() {
        return steps.length;
    }

    double lastStep() {
        return steps[steps.length - 1];
    }

    /** The mean loss of the last 2 % of the plan's steps that were seen, of one observation at least. */
    double lastValue() {
        double from = lastStep() - 0.02 * plannedSteps;
        double sum = 0;
        int n = 0;
        for (int i = steps.length - 1; i >= 0 && (n == 0 || steps[i] > from); i--) {
            sum += losses[i];
            n++;
        }
        return sum / n;
    }
}
