package io.straightedge.deploy.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Intervals of the live lane whose factors come from the other sources' errors.
 *
 * <p>At each fraction q(level) is the level's quantile of z = |error| / scale over the trials of all other sources,
 * each source weighing the same; half-widths are q times the scale. Split-conformal, one source left out at a time.
 */
final class Recalibration {

    /** With fewer there is too little to learn from. */
    static final int LEAST_SOURCES = 3;

    private record Score(double z, double weight) {}

    private Recalibration() {}

    /** The trials with new intervals. */
    static List<Trial> of(List<Trial> trials) {
        Set<String> sources = new TreeSet<>();
        trials.forEach(trial -> sources.add(trial.run().source()));
        if (sources.size() < LEAST_SOURCES) {
            throw new IllegalArgumentException("factors of intervals are learnt from the other sources: that needs "
                    + LEAST_SOURCES + " sources, and there are " + sources.size());
        }
        Map<String, TreeMap<Double, double[]>> factors = new TreeMap<>();
        List<Trial> recalibrated = new ArrayList<>();
        for (Trial trial : trials) {
            Guess guess = trial.guesses().get(Method.STRAIGHTEDGE);
            if (guess == null) {
                recalibrated.add(trial);
                continue;
            }
            String source = trial.run().source();
            double[] factor = factors.computeIfAbsent(source, unseen -> new TreeMap<>())
                    .computeIfAbsent(trial.fraction(), fraction -> factors(trials, source, fraction));
            Map<Method, Guess> guesses = new EnumMap<>(trial.guesses());
            guesses.put(Method.STRAIGHTEDGE, guess.widened(factor[0], factor[1], factor[2]));
            recalibrated.add(new Trial(trial.run(), trial.fraction(), trial.truth(), guesses, trial.refused()));
        }
        return recalibrated;
    }

    private static double[] factors(List<Trial> trials, String left, double fraction) {
        Map<String, List<Double>> bySource = new TreeMap<>();
        for (Trial trial : trials) {
            Guess guess = guess(trial, left, fraction);
            if (guess != null) {
                double z = Math.abs(guess.mean() - trial.truth()) / guess.scale();
                bySource.computeIfAbsent(trial.run().source(), unseen -> new ArrayList<>())
                        .add(z);
            }
        }
        List<Score> scores = new ArrayList<>();
        bySource.values().forEach(own -> own.forEach(z -> scores.add(new Score(z, 1.0 / own.size()))));
        scores.sort(Comparator.comparingDouble(Score::z));
        return new double[] {quantile(scores, 0.5), quantile(scores, 0.8), quantile(scores, 0.95)};
    }

    private static @Nullable Guess guess(Trial trial, String left, double fraction) {
        boolean counts = trial.fraction() == fraction && !trial.run().source().equals(left);
        return counts ? trial.guesses().get(Method.STRAIGHTEDGE) : null;
    }

    private static double quantile(List<Score> scores, double level) {
        double total = scores.stream().mapToDouble(Score::weight).sum();
        double sum = 0;
        for (Score score : scores) {
            sum += score.weight();
            if (sum >= level * total) {
                return score.z();
            }
        }
        return Double.NaN;
    }
}
