package io.straightedge.deploy.backtest.alarm;

import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.LossObservation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times for a history that has none.
 *
 * <p>A run takes its steps at one pace, from its study's step 0 on; to go back to an earlier step takes it one logging
 * interval, and the steps are then taken again.
 *
 * @param intervalSteps from one observation to the next, as a rule
 */
record Cadence(long intervalSteps, double secondsPerObservation) {

    /** A usual step of a large run. */
    static final int SECONDS_PER_STEP = 5;

    private static final double SECONDS_PER_DAY = 86_400;

    /** @param secondsPerObservation null for {@value #SECONDS_PER_STEP} seconds a step */
    static Cadence of(PastRun run, @Nullable Double secondsPerObservation) {
        long interval = interval(run.losses());
        return new Cadence(
                interval, secondsPerObservation == null ? SECONDS_PER_STEP * (double) interval : secondsPerObservation);
    }

    /** The median of the steps that go forwards; 1 when none do. */
    private static long interval(List<LossObservation> losses) {
        long[] forwards = new long[losses.size()];
        int n = 0;
        for (int i = 1; i < losses.size(); i++) {
            long steps = losses.get(i).step() - losses.get(i - 1).step();
            if (steps > 0) {
                forwards[n++] = steps;
            }
        }
        Arrays.sort(forwards, 0, n);
        return n == 0 ? 1 : forwards[n / 2];
    }

    /** Steps that had been taken since the study's step 0 at each observation, those taken twice counted twice; rising. */
    long[] taken(List<LossObservation> losses) {
        long[] taken = new long[losses.size()];
        for (int i = 0; i < taken.length; i++) {
            long ahead = i == 0 ? 0 : losses.get(i).step() - losses.get(i - 1).step();
            taken[i] = i == 0 ? losses.get(i).step() : taken[i - 1] + (ahead > 0 ? ahead : intervalSteps);
        }
        return taken;
    }

    /** When so many steps had been taken, milliseconds from the study's step 0. */
    long millis(long taken) {
        return Math.round(1000 * secondsPerObservation * taken / intervalSteps);
    }

    /** Days in which so many observations are logged. */
    double days(int observations) {
        return observations * secondsPerObservation / SECONDS_PER_DAY;
    }
}
