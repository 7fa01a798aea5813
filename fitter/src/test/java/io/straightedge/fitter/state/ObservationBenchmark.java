package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Hypothesis: an observation that brings no refit costs less than a microsecond, detectors, duplicates' window and bins
 * together, so that the fitter is bound by reading its topic.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ObservationBenchmark {

    private static final int OBSERVATIONS = 400;
    /** A quarter of a bin wider than the observations that follow, and fewer than bring a revision. */
    private static final long FIRST = LogBins.firstStep(160) + 1;

    private final List<LossObservation> observations = new ArrayList<>();
    private Study study = new Study();
    private StudyState state = new StudyState("s");
    private final List<Emission> out = new ArrayList<>();

    /** The observations, made once. */
    @Setup
    public void observe() {
        Random random = new Random(1);
        for (int i = 0; i < OBSERVATIONS; i++) {
            double loss = 2.5 + .02 * random.nextGaussian();
            observations.add(
                    new LossObservation("s", "r", FIRST + 1 + i, null, loss, "train", 3e-4, null, null, null, null));
        }
    }

    /** A run that has been fitted just now. */
    @Setup(Level.Invocation)
    public void begin() {
        study = new Study();
        state = new StudyState("s");
        Schedule cosine = Schedule.of(ScheduleKind.COSINE, 200L, 3e-4);
        study.apply(state, RunManifest.of("s", "r", 1e8, 4 * FIRST, 1e5, cosine), -1, out);
        Random random = new Random(2);
        for (long step = 1000; step < FIRST; step += step / 20) {
            double loss = 2.5 + .02 * random.nextGaussian();
            study.apply(
                    state,
                    new LossObservation("s", "r", step, null, loss, "train", 3e-4, null, null, null, null),
                    -1,
                    out);
        }
        study.apply(
                state, new LossObservation("s", "r", FIRST, null, 2.5, "train", 3e-4, null, null, null, null), -1, out);
        out.clear();
    }

    /** Observations one after the other, none of which brings a refit. */
    @Benchmark
    @OperationsPerInvocation(OBSERVATIONS)
    public int observationsBetweenRefits() {
        for (LossObservation observation : observations) {
            study.apply(state, observation, -1, out);
        }
        if (!out.isEmpty()) {
            throw new IllegalStateException("a refit came between");
        }
        return out.size();
    }
}
