package io.straightedge.deploy.backtest.alarm;

import io.straightedge.deploy.backtest.alarm.AlarmBacktest.Part;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Healthy runs as long as one likes, with the noise of a real one: for rates that no log is long enough to show.
 *
 * <p>y_k = E + A k^-a + r_k, k the step. E, A and a are fitted to the real run's {@link Trend}; r is a chain of blocks of
 * {@value #BLOCK} of its residuals about that trend, each begun at a random place after the first fifth. Blocks are longer
 * than the noise's memory, some 50 observations; what is slower than the trend's bins is lost, as is what is wrong with
 * the forecast of a real course. Constant memory but for the run at hand.
 */
final class Resampled {

    /** Shorter runs have too few residuals. */
    static final int LEAST_OBSERVATIONS = 2000;

    private static final int BLOCK = 200;

    /** Of a made run, at most: five days of an observation in five seconds. */
    private static final int MOST_OBSERVATIONS = 86_400;

    private static final double SECONDS_PER_DAY = 86_400;
    private static final double SETTLED = .2;

    private final LoggedRun real;
    private final double[] residuals;
    private final PowerCourse course;

    private Resampled(LoggedRun real) {
        this.real = real;
        Trend trend = Trend.of(real);
        int from = (int) (SETTLED * real.size());
        residuals = new double[real.size() - from];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = real.loss(from + i) - trend.at(real.step(from + i));
        }
        course = PowerCourse.through(trend, real.step(from), real.step(real.size() - 1));
    }

    /** Whether a run has residuals to draw from. */
    static boolean canBe(LoggedRun run) {
        boolean usable = run.size() >= LEAST_OBSERVATIONS;
        for (int i = 0; usable && i < run.size(); i++) {
            usable = Double.isFinite(run.loss(i)) && (i == 0 || run.step(i) > run.step(i - 1));
        }
        return usable;
    }

    /** As many runs as make up the days, drawn from the real ones in turn. */
    static List<Part> parts(List<LoggedRun> real, double runDays, long seed) {
        List<Resampled> sources = real.stream().map(Resampled::new).toList();
        List<Part> parts = new ArrayList<>();
        double left = runDays;
        for (int i = 0; left > 0; i++) {
            Resampled source = sources.get(i % sources.size());
            double seconds = source.real.cadence().secondsPerObservation();
            int n = (int) Math.min(MOST_OBSERVATIONS, Math.ceil(left * SECONDS_PER_DAY / seconds));
            left -= n * seconds / SECONDS_PER_DAY;
            long own = seed * 1_000_003 + i;
            String name = source.real.name() + " made " + (i + 1);
            parts.add(new Part(n, () -> List.of(source.run(name, n, own))));
        }
        return parts;
    }

    private LoggedRun run(String name, int n, long seed) {
        Random random = new Random(seed);
        PastRun past = real.past();
        long interval = real.cadence().intervalSteps();
        List<LossObservation> losses = new ArrayList<>(n);
        int place = 0;
        for (int i = 0; i < n; i++) {
            place = i % BLOCK == 0 ? random.nextInt(residuals.length - BLOCK) : place + 1;
            long step = interval * (i + 1);
            losses.add(LossObservation.of(past.study(), name, step, course.at(step) + residuals[place]));
        }
        RunManifest manifest = RunManifest.of(past.study(), name, past.size(), interval * n, null, null);
        PastRun made = new PastRun(
                past.source(), LossObservation.TRAIN, past.family(), past.group(), past.size(), manifest, losses, null);
        return LoggedRun.of(made, real.cadence());
    }
}
