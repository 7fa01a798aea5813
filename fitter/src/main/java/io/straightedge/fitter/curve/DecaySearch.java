package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a decay began: its least-squares start on a grid of {@value #STARTS}, made finer about the best twice.
 *
 * <p>Fitted to the points kept since the highest rate, and, lest a straight stretch of few points pass for any shape, to
 * {@value #BETWEEN} between them. O(starts x samples) a family.
 */
final class DecaySearch {

    private static final int BETWEEN = 32;
    private static final int STARTS = 16;
    private static final int ROUNDS = 3;

    /** A peak between two logs is not higher than this over the highest rate logged. */
    private static final double MOST_MISSED = 1.3;

    private final LrSeen seen;
    private final int first;
    private final double end;
    private final double[] step;
    private final double[] u;

    /** @param first the point with the highest rate, which u = 1 is */
    DecaySearch(LrSeen seen, int first, double end) {
        this.seen = seen;
        this.first = first;
        this.end = end;
        this.step = steps(seen, first);
        this.u = Arrays.stream(step).map(k -> seen.at(k) / seen.lr(first)).toArray();
    }

    /**
     * A decay from the peak on. That lies between two logs: the line of the warm-up goes on to it, from the rate before
     * the highest seen, and the highest may be seen before or after it.
     */
    DecayGuess fromPeak(@Nullable DecayShape shape) {
        DecayGuess best = guess(shape, seen.step(first), 1);
        if (first == 0) {
            return best;
        }
        double from = seen.step(first - 1);
        double before = seen.lr(first - 1) / seen.lr(first);
        double slope = first == 1
                ? before / Math.max(1, from)
                : (before - seen.lr(first - 2) / seen.lr(first)) / (from - seen.step(first - 2));
        double to = seen.step(Math.min(first + 1, seen.size() - 1));
        double low = from + (1 - before) / slope;
        double width = to - low;
        for (int round = 0; round < ROUNDS && slope > 0 && width > 0; round++) {
            for (int i = 0; i <= STARTS; i++) {
                double start = low + width * i / STARTS;
                double peak = before + slope * (start - from);
                if (peak > 1 - DecayGuess.ACCURACY && peak < MOST_MISSED && start > from && start <= to) {
                    best = better(best, guess(shape, start, Math.max(1, peak)));
                }
            }
            width = 2 * width / STARTS;
            low = best.start() - width / 2;
        }
        return best;
    }

    /** A decay after a plateau that ended before the step {@code to}. */
    DecayGuess afterPlateau(@Nullable DecayShape shape, double to) {
        double from = seen.step(first);
        double low = from;
        double width = to - from;
        DecayGuess best = guess(shape, from, 1);
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < STARTS; i++) {
                double start = low + width * (i + 0.5) / STARTS;
                if (start > from && start < to) {
                    best = better(best, guess(shape, start, 1));
                }
            }
            width = 2 * width / STARTS;
            low = best.start() - width / 2;
        }
        return best;
    }

    private DecayGuess guess(@Nullable DecayShape shape, double start, double level) {
        return new DecayGuess(shape, start, level, end, step, u, seen.size() - first);
    }

    private static DecayGuess better(DecayGuess one, DecayGuess other) {
        return other.misfit() < one.misfit() ? other : one;
    }

    private static double[] steps(LrSeen seen, int first) {
        int n = seen.size() - first;
        double[] steps = new double[n + BETWEEN];
        for (int i = 0; i < n; i++) {
            steps[i] = seen.step(first + i);
        }
        double from = seen.step(first);
        for (int i = 0; i < BETWEEN; i++) {
            steps[n + i] = from + (seen.end() - from) * (i + 1) / BETWEEN;
        }
        return steps;
    }
}
