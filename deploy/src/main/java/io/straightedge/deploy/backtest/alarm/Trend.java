package io.straightedge.deploy.backtest.alarm;

import java.util.Arrays;

/**
 * The smooth course of a run's loss.
 *
 * <p>Means of the losses in bins of the step's logarithm, 8 an octave, and straight lines in the logarithm between the
 * bins' middles. O(n) to make.
 */
final class Trend {

    private static final double PER_OCTAVE = 8;

    private final double[] place;
    private final double[] level;

    private Trend(double[] place, double[] level) {
        this.place = place;
        this.level = level;
    }

    static Trend of(LoggedRun run) {
        double[] place = new double[run.size()];
        double[] level = new double[run.size()];
        int bins = 0;
        int count = 0;
        long bin = Long.MIN_VALUE;
        for (int i = 0; i < run.size(); i++) {
            double x = octave(run.step(i));
            if (!Double.isFinite(run.loss(i))) {
                continue;
            }
            if ((long) Math.floor(x) > bin) {
                bin = (long) Math.floor(x);
                bins++;
                count = 0;
            }
            count++;
            place[bins - 1] += (x - place[bins - 1]) / count;
            level[bins - 1] += (run.loss(i) - level[bins - 1]) / count;
        }
        return new Trend(Arrays.copyOf(place, bins), Arrays.copyOf(level, bins));
    }

    /** The same, no bin higher than the one before. */
    Trend falling() {
        double[] falling = level.clone();
        for (int i = 1; i < falling.length; i++) {
            falling[i] = Math.min(falling[i], falling[i - 1]);
        }
        return new Trend(place, falling);
    }

    private static double octave(long step) {
        return PER_OCTAVE * Math.log(1.0 + step) / Math.log(2);
    }

    /** Nats per token at a step. */
    double at(long step) {
        double x = octave(step);
        int above = Arrays.binarySearch(place, x);
        if (above >= 0) {
            return level[above];
        }
        int next = -above - 1;
        if (next == 0 || next == place.length) {
            return level.length == 0 ? Double.NaN : level[Math.min(next, level.length - 1)];
        }
        double part = (x - place[next - 1]) / (place[next] - place[next - 1]);
        return level[next - 1] + part * (level[next] - level[next - 1]);
    }
}
