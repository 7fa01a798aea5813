package io.straightedge.deploy.backtest.alarm;

import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Runs that are made here. */
final class Runs {

    private Runs() {}

    static PastRun of(String name, long[] steps, IntToDoubleFunction loss) {
        List<LossObservation> losses = new ArrayList<>();
        long last = 1;
        for (int i = 0; i < steps.length; i++) {
            losses.add(LossObservation.of("made/train", name, steps[i], loss.applyAsDouble(i)));
            last = Math.max(last, steps[i]);
        }
        RunManifest manifest = RunManifest.of("made/train", name, 1e8, last, null, null);
        return new PastRun("made", "train", "", "100M", 1e8, manifest, losses, null);
    }

    /** A run that logs n steps, one after the other. */
    static PastRun dense(String name, int n, IntToDoubleFunction loss) {
        return of(name, steps(1, n), loss);
    }

    static long[] steps(long interval, int n) {
        long[] steps = new long[n];
        for (int i = 0; i < n; i++) {
            steps[i] = interval * (i + 1);
        }
        return steps;
    }

    /** Losses of a healthy run: 2 + 6 step^-.4 and normal noise. */
    static IntToDoubleFunction healthy(long seed, int n, double sigma) {
        Random random = new Random(seed);
        double[] losses = new double[n];
        for (int i = 0; i < n; i++) {
            losses[i] = 2 + 6 * Math.pow(i + 1.0, -.4) + sigma * random.nextGaussian();
        }
        return i -> losses[i];
    }

    static LoggedRun logged(PastRun run) {
        return LoggedRun.of(run, Cadence.of(run, null));
    }
}
