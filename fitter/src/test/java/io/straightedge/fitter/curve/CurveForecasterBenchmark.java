package io.straightedge.fitter.curve;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Hypothesis: sums shared between cells bring a refit of 35 bins (700 cells) below 0.3 ms, so that a refit at every closed bin
 * of a thousand runs costs nothing that one would notice; and a plan of 10^7 steps compiles as fast as one of 10^4.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CurveForecasterBenchmark {

    /** Planned steps; the bins alive are about 35 in each. */
    @Param({"10000", "10000000"})
    private long plannedSteps;

    private final CurveForecaster forecaster = new CurveForecaster();
    private final LogBins bins = new LogBins();
    private Schedule schedule = Schedule.of(ScheduleKind.COSINE, 0L, 1.0);
    private LrPlan plan = LrPlan.of(null, 1);

    /** A noisy power law, seen to nine tenths. */
    @Setup
    public void observe() {
        schedule = new Schedule(ScheduleKind.COSINE, plannedSteps / 50, 1.0, 0.1, null, null, List.of());
        plan = LrPlan.of(schedule, plannedSteps);
        Random random = new Random(1);
        for (long step = 1; step < plannedSteps * 9 / 10; step += 1 + step / 200) {
            bins.add(step, 2.5 + 6 * Math.pow((double) step, -0.4) + 0.02 * random.nextGaussian());
        }
    }

    /** One refit. */
    @Benchmark
    public Outcome<CurveFit> refit() {
        return forecaster.fit(bins, bins.size(), plan, 0.02, CurvePrior.UNIVERSAL);
    }

    /** One refit with all that is published: the final loss and 64 points of the rest. */
    @Benchmark
    public Forecast refitAndForecast() {
        if (refit() instanceof Outcome.Found<CurveFit> found) {
            found.value().rest(64, 1);
            return found.value().finalLoss();
        }
        throw new IllegalStateException("the benchmark's curve has no fit");
    }

    /** Compiling the plan, once a run. */
    @Benchmark
    public LrPlan compile() {
        return LrPlan.of(schedule, plannedSteps);
    }
}
