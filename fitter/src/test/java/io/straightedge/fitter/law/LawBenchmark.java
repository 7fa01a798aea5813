package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.Extrapolation;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunctionGradient;
import org.apache.commons.math3.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Hypotheses: on 240 points a global fit takes at most 5 ms, a warm one 0.5 ms, 4,000 resamples on two cores at most a second, the
 * calibrated forecast at most 20 ms; Commons Math's conjugate gradients from one good start take longer than the global fit.
 *
 * <p>The points are drawn, with a seed, from published coefficients with heavy-tailed residuals as on the real figure, so that the
 * benchmark needs no data folder.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LawBenchmark {

    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();
    private static final double[] START = {-1, -1, 0.6, 0.34, 0.28};

    private final LawPoints points = drawn(1, 240, 1);
    private final LawPoints moved = moved(points, 100);
    private final LawFit optimum = fit(points);
    private final Bootstrap bootstrap = new Bootstrap(ESTIMATOR, points, optimum, OPTIONS, 1);

    /** {@code runs} runs with {@code perRun} points along each, C = 6ND. */
    static LawPoints drawn(long seed, int runs, int perRun) {
        Random random = new Random(seed);
        ChinchillaLaw law = new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);
        int n = runs * perRun;
        double[][] columns = new double[5][n];
        int[] run = new int[n];
        for (int i = 0; i < n; i++) {
            run[i] = i / perRun;
            boolean first = i % perRun == 0;
            columns[0][i] = first ? 5e7 * Math.pow(300, random.nextDouble()) : columns[0][i - 1];
            double most = first ? 5e8 * Math.pow(400, random.nextDouble()) : columns[1][i - 1] * perRun;
            columns[1][i] = first ? most / perRun : columns[1][i - 1] * (i % perRun + 1) / (i % perRun);
            columns[2][i] = LawPoints.FLOPS_PER_PARAMETER_TOKEN * columns[0][i] * columns[1][i];
            double z = random.nextGaussian() / Math.sqrt(random.nextDouble() + 0.2);
            columns[3][i] = law.loss(columns[0][i], columns[1][i]) * Math.exp(0.004 * z);
            columns[4][i] = 1;
        }
        return LawPoints.of(columns[0], columns[1], columns[2], columns[3], columns[4], run);
    }

    /** The same with one loss 0.2 % higher. */
    static LawPoints moved(LawPoints points, int which) {
        int n = points.size();
        double[][] columns = new double[5][n];
        int[] run = new int[n];
        for (int i = 0; i < n; i++) {
            columns[0][i] = points.params(i);
            columns[1][i] = points.tokens(i);
            columns[2][i] = points.flops(i);
            columns[3][i] = points.loss(i) * (i == which ? 1.002 : 1);
            columns[4][i] = 1;
            run[i] = points.run(i);
        }
        return LawPoints.of(columns[0], columns[1], columns[2], columns[3], columns[4], run);
    }

    static LawFit fit(LawPoints points) {
        if (ESTIMATOR.fit(points, OPTIONS) instanceof Outcome.Found<LawFit> found) {
            return found.value();
        }
        throw new IllegalStateException("the benchmark's points have no law");
    }

    /** From nothing, certificate and covariance included. */
    @Benchmark
    public Outcome<LawFit> global() {
        return ESTIMATOR.fit(points, OPTIONS);
    }

    /** From the optimum before one point moved. */
    @Benchmark
    public Outcome<LawFit> warm() {
        return ESTIMATOR.refit(optimum, moved, OPTIONS);
    }

    /** The form with gamma, from nothing. */
    @Benchmark
    public Outcome<LawFit> gamma() {
        return LawEstimators.gamma().fit(points, OPTIONS);
    }

    /** Both laws on up to six cuts, factor and share. */
    @Benchmark
    public Outcome<Extrapolation> calibratedForecast() {
        return ExtrapolationFit.of(points, OPTIONS);
    }

    /** 4,000 resamples on the common pool and this thread: two cores have two threads. */
    @Benchmark
    public double bootstrap4000() {
        return IntStream.range(0, 4000)
                .parallel()
                .mapToObj(bootstrap::draw)
                .mapToDouble(LawBenchmark::alpha)
                .sum();
    }

    private static double alpha(double @Nullable [] theta) {
        return theta == null ? 0 : theta[3];
    }

    /** The peer: Commons Math's conjugate gradients on our objective and gradient, from one start near the end. */
    @Benchmark
    public PointValuePair commonsMathConjugateGradient() {
        LogHuber objective = new LogHuber(new CentredLogs(points));
        objective.delta(OPTIONS.delta());
        double[][] scratch = new double[5][5];
        double[][] other = new double[5][5];
        return new NonLinearConjugateGradientOptimizer(
                        NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE, new SimpleValueChecker(1e-10, 1e-14))
                .optimize(
                        new MaxEval(100_000),
                        GoalType.MINIMIZE,
                        new InitialGuess(START),
                        new ObjectiveFunction(objective::value),
                        new ObjectiveFunctionGradient(x -> {
                            double[] gradient = new double[5];
                            objective.derivatives(x, gradient, scratch, other);
                            return gradient;
                        }));
    }
}
