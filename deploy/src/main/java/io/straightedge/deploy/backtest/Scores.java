package io.straightedge.deploy.backtest;

import io.straightedge.deploy.backtest.BacktestReport.Calibration;
import io.straightedge.deploy.backtest.BacktestReport.FractionScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Statistics of trials. Quantiles are linear between order statistics. */
final class Scores {

    private final List<Double> fractions;
    private final List<Method> methods;

    Scores(BacktestChoices choices) {
        fractions = choices.fractions();
        methods = choices.methods();
    }

    /** By method, then by fraction. */
    Map<String, List<FractionScore>> overall(List<Trial> trials) {
        Map<String, List<FractionScore>> scores = new LinkedHashMap<>();
        for (Method method : methods) {
            scores.put(
                    method.label(),
                    fractions.stream().map(f -> score(trials, method, f)).toList());
        }
        return scores;
    }

    /** By something of the trial, in its order, then by method. */
    Map<String, Map<String, List<FractionScore>>> by(List<Trial> trials, Function<Trial, String> what) {
        TreeMap<String, List<Trial>> groups = new TreeMap<>();
        trials.forEach(trial -> groups.computeIfAbsent(what.apply(trial), unseen -> new ArrayList<>())
                .add(trial));
        Map<String, Map<String, List<FractionScore>>> scores = new TreeMap<>();
        groups.forEach((name, own) -> scores.put(name, overall(own)));
        return scores;
    }

    /** The mean over sources of each statistic. */
    Map<String, List<FractionScore>> macro(Map<String, Map<String, List<FractionScore>>> bySource) {
        Map<String, List<FractionScore>> macro = new LinkedHashMap<>();
        for (Method method : methods) {
            List<FractionScore> scores = new ArrayList<>();
            for (int i = 0; i < fractions.size(); i++) {
                int at = i;
                List<FractionScore> each = bySource.values().stream()
                        .map(source -> Objects.requireNonNull(source.get(method.label()))
                                .get(at))
                        .filter(score -> score.n() > 0)
                        .toList();
                scores.add(new FractionScore(
                        fractions.get(i),
                        each.stream().mapToInt(FractionScore::n).sum(),
                        mean(each.stream().map(FractionScore::medianNats)),
                        mean(each.stream().map(FractionScore::p90Nats)),
                        mean(each.stream().map(FractionScore::meanNats)),
                        mean(each.stream().map(FractionScore::medianPercent)),
                        mean(each.stream().map(FractionScore::p90Percent)),
                        mean(each.stream().map(FractionScore::coverage80)),
                        mean(each.stream().map(FractionScore::coverage95)),
                        mean(each.stream().map(FractionScore::halfWidth95))));
            }
            macro.put(method.label(), scores);
        }
        return macro;
    }

    /** How often the live lane's intervals held. */
    List<Calibration> calibration(List<Trial> trials) {
        List<Calibration> rows = new ArrayList<>();
        for (double fraction : fractions) {
            int n = 0;
            int[] inside = new int[3];
            for (Trial trial : trials) {
                Guess guess = trial.fraction() == fraction ? trial.guesses().get(Method.STRAIGHTEDGE) : null;
                if (guess != null) {
                    double error = Math.abs(guess.mean() - trial.truth());
                    n++;
                    inside[0] += error <= guess.half50() ? 1 : 0;
                    inside[1] += error <= guess.half80() ? 1 : 0;
                    inside[2] += error <= guess.half95() ? 1 : 0;
                }
            }
            if (n > 0) {
                double all = n;
                rows.add(new Calibration(fraction, n, inside[0] / all, inside[1] / all, inside[2] / all));
            }
        }
        return rows;
    }

    private static FractionScore score(List<Trial> trials, Method method, double fraction) {
        List<Double> nats = new ArrayList<>();
        List<Double> percent = new ArrayList<>();
        List<Double> halfWidths = new ArrayList<>();
        int inside80 = 0;
        int inside95 = 0;
        for (Trial trial : trials) {
            Guess guess = trial.fraction() == fraction ? trial.guesses().get(method) : null;
            if (guess == null) {
                continue;
            }
            double error = Math.abs(guess.mean() - trial.truth());
            nats.add(error);
            percent.add(100 * error / trial.truth());
            if (!Double.isNaN(guess.half95())) {
                halfWidths.add(guess.half95());
                inside80 += error <= guess.half80() ? 1 : 0;
                inside95 += error <= guess.half95() ? 1 : 0;
            }
        }
        int bounded = halfWidths.size();
        return new FractionScore(
                fraction,
                nats.size(),
                quantile(nats, 0.5),
                quantile(nats, 0.9),
                mean(nats.stream()),
                quantile(percent, 0.5),
                quantile(percent, 0.9),
                bounded == 0 ? null : Double.valueOf(inside80 / (double) bounded),
                bounded == 0 ? null : Double.valueOf(inside95 / (double) bounded),
                quantile(halfWidths, 0.5));
    }

    private static @Nullable Double mean(Stream<@Nullable Double> values) {
        double[] known =
                values.filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
        return known.length == 0 ? null : finite(Arrays.stream(known).sum() / known.length);
    }

    static @Nullable Double quantile(List<Double> values, double part) {
        if (values.isEmpty()) {
            return null;
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double at = part * (sorted.length - 1);
        int low = (int) at;
        double high = sorted[Math.min(low + 1, sorted.length - 1)];
        return finite(at == low ? sorted[low] : sorted[low] + (at - low) * (high - sorted[low]));
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
