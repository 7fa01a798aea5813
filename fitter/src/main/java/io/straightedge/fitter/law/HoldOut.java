package io.straightedge.fitter.law;

import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.List;

/**
 * How a law fitted without the largest budgets predicted them.
 *
 * @param budgets how many groups of like compute were held out
 * @param points predicted
 * @param meanAbsolutePercent mean of |predicted - observed| over observed, in percent
 * @param meanPercent the same with its sign: above 0 where the loss was predicted too high
 * @param flopsRatio the largest C held out over the largest fitted
 * @param level nominal probability of the intervals; NaN where the law alone was asked
 * @param coverage part of the points that lay in their intervals
 * @param predictions one by one
 */
public record HoldOut(
        int budgets,
        int points,
        double meanAbsolutePercent,
        double meanPercent,
        double flopsRatio,
        double level,
        double coverage,
        List<Predicted> predictions) {

    public HoldOut {
        predictions = List.copyOf(predictions);
    }

    /**
     * One point: what came, what had been predicted and within what, in nats per token; bounds are NaN without
     * intervals.
     */
    public record Predicted(double params, double tokens, double loss, double predicted, double lower, double upper) {}

    /** Why {@code budgets} of {@code groups} cannot be held out. */
    static String cannot(int groups, int budgets) {
        return "there are " + groups + " groups of like compute: " + budgets + " of them cannot be held out";
    }

    /** What a law said. */
    static HoldOut of(int budgets, double flopsRatio, LawPoints held, RunLaw law) {
        return of(budgets, flopsRatio, Double.NaN, predictions(held, law));
    }

    /** What a calibrated forecast said. */
    static HoldOut of(int budgets, double flopsRatio, LawPoints held, Extrapolation forecast, double level) {
        List<Predicted> predictions = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            Extrapolation.Band band = forecast.run(held.params(i), held.tokens(i), level);
            predictions.add(new Predicted(
                    held.params(i), held.tokens(i), held.loss(i), band.value(), band.lower(), band.upper()));
        }
        return of(budgets, flopsRatio, level, predictions);
    }

    static List<Predicted> predictions(LawPoints held, RunLaw law) {
        List<Predicted> predictions = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            double predicted = law.loss(held.params(i), held.tokens(i));
            predictions.add(
                    new Predicted(held.params(i), held.tokens(i), held.loss(i), predicted, Double.NaN, Double.NaN));
        }
        return predictions;
    }

    static HoldOut of(int budgets, double flopsRatio, double level, List<Predicted> predictions) {
        long inside = predictions.stream()
                .filter(one -> one.lower() <= one.loss() && one.loss() <= one.upper())
                .count();
        double absolute = 0;
        double signed = 0;
        for (Predicted one : predictions) {
            double percent = 100 * (one.predicted() - one.loss()) / one.loss();
            absolute += Math.abs(percent);
            signed += percent;
        }
        int n = predictions.size();
        double coverage = Double.isNaN(level) ? Double.NaN : inside / (double) n;
        return new HoldOut(budgets, n, absolute / n, signed / n, flopsRatio, level, coverage, predictions);
    }
}
