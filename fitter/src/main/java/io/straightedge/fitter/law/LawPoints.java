package io.straightedge.fitter.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The points of weight above zero, and what their layout allows. Struct of arrays, only read. */
final class LawPoints {

    /** Above this the condition of the scaled normal matrix leaves no digit of A and alpha that could be trusted. */
    private static final double BAD_CONDITION = 1e9;

    private static final double COLLINEAR = 0.995;
    /** E below this part of the least loss has run into its boundary. */
    private static final double LEAST_FLOOR = 1e-3;

    private final double[] params;
    private final double[] tokens;
    private final double[] loss;
    private final double[] weight;

    private LawPoints(double[] params, double[] tokens, double[] loss, double[] weight) {
        this.params = params;
        this.tokens = tokens;
        this.loss = loss;
        this.weight = weight;
    }

    /** Leaves out points of weight 0; throws when lengths differ or a number is not positive and finite. */
    static LawPoints of(double[] params, double[] tokens, double[] loss, double[] weight) {
        int n = params.length;
        if (tokens.length != n || loss.length != n || weight.length != n) {
            throw new IllegalArgumentException("params, tokens, loss and weight must have the same length");
        }
        int kept = 0;
        double[][] out = new double[4][n];
        for (int i = 0; i < n; i++) {
            double product = params[i] * tokens[i] * loss[i];
            if (!(params[i] > 0 && tokens[i] > 0 && loss[i] > 0 && weight[i] >= 0)
                    || !Double.isFinite(product + weight[i])) {
                throw new IllegalArgumentException("point " + i + " (N=" + params[i] + ", D=" + tokens[i] + ", L="
                        + loss[i] + ", w=" + weight[i] + ") must be positive and finite");
            }
            if (weight[i] > 0) {
                out[0][kept] = params[i];
                out[1][kept] = tokens[i];
                out[2][kept] = loss[i];
                out[3][kept++] = weight[i];
            }
        }
        return new LawPoints(
                Arrays.copyOf(out[0], kept),
                Arrays.copyOf(out[1], kept),
                Arrays.copyOf(out[2], kept),
                Arrays.copyOf(out[3], kept));
    }

    int size() {
        return params.length;
    }

    LogHuber objective(double delta) {
        return new LogHuber(params, tokens, loss, weight, delta);
    }

    /** Why no law can be fitted; null when one can. */
    @Nullable
    String refusal(int leastPoints, double leastDecades) {
        if (size() < leastPoints) {
            return size() + " points: a law of five coefficients needs at least " + leastPoints;
        }
        if (decades(params) < leastDecades) {
            return "the runs span less than half a decade of parameters";
        }
        if (decades(tokens) < leastDecades) {
            return "the runs span less than half a decade of tokens";
        }
        return null;
    }

    /** Doubts about a fit, in words. */
    List<String> diagnostics(double[] theta, double condition, boolean certified) {
        List<String> doubts = new ArrayList<>();
        double leastLoss = Arrays.stream(loss).min().orElse(Double.NaN);
        if (Math.exp(theta[2]) < LEAST_FLOOR * leastLoss) {
            doubts.add("E is at its boundary of zero: the losses show no floor");
        }
        if (Math.exp(theta[2]) > (1 - LEAST_FLOOR) * leastLoss) {
            doubts.add("E has reached the least loss observed");
        }
        if (!(condition < BAD_CONDITION)) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "the points hardly determine the coefficients (condition %.1e): trust predictions near them only",
                    condition));
        }
        double correlation = correlation();
        if (Math.abs(correlation) > COLLINEAR) {
            doubts.add(
                    "parameters and tokens move together: their exponents cannot be told apart, nor a recommendation trusted");
        }
        if (decades(params) < 1 || decades(tokens) < 1) {
            doubts.add("the runs span less than one decade of parameters or tokens");
        }
        if (!certified) {
            doubts.add("the gradient at the optimum is not zero to working precision");
        }
        return doubts;
    }

    private static double decades(double[] values) {
        double least = Arrays.stream(values).min().orElse(1);
        double most = Arrays.stream(values).max().orElse(1);
        return Math.log10(most / least);
    }

    private double correlation() {
        double meanX = Arrays.stream(params).map(Math::log).average().orElse(0);
        double meanY = Arrays.stream(tokens).map(Math::log).average().orElse(0);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < params.length; i++) {
            double x = Math.log(params[i]) - meanX;
            double y = Math.log(tokens[i]) - meanY;
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        return xy / Math.sqrt(xx * yy);
    }
}
