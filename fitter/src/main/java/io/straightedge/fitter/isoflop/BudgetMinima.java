package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.law.PowerTrend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The minima of several budgets by one reading, and the trends through them.
 *
 * <p>Without seed noise all budgets count alike; with it each by 1/sd^2 of its minimum. The range of a is that of the
 * slopes of the draws, each through the budgets that have a minimum in it. Mutable, one thread.
 */
final class BudgetMinima {

    private static final double LEAST_SD = 1e-12;

    private final List<BudgetMinimum> minima = new ArrayList<>();
    private final List<Double> logFlops = new ArrayList<>();

    void add(double flops, BudgetMinimum minimum) {
        minima.add(minimum);
        logFlops.add(Math.log(flops));
    }

    /** The trends after {@code draws} of noise, 0 for none; null through fewer than two budgets. */
    @Nullable
    IsoFlopReading reading(int draws) {
        if (minima.size() < 2) {
            return null;
        }
        double[] x = logFlops.stream().mapToDouble(Double::doubleValue).toArray();
        double[] params = each(m -> Math.log(m.params()));
        double[] tokens = each(m -> Math.log(m.tokens()));
        double[] weightOfParams =
                each(m -> m.spread() == null ? 1 : weight(m.spread().logParams()));
        double[] weightOfTokens =
                each(m -> m.spread() == null ? 1 : weight(m.spread().logTokens()));
        return new IsoFlopReading(
                PowerTrend.of(x, params, weightOfParams),
                PowerTrend.of(x, tokens, weightOfTokens),
                draws == 0 ? null : exponents(x, weightOfParams, draws));
    }

    private IsoFlopReading.@Nullable Range exponents(double[] x, double[] weight, int draws) {
        double[] exponents = new double[draws];
        int found = 0;
        for (int draw = 0; draw < draws; draw++) {
            double[] y = new double[x.length];
            double[] valid = weight.clone();
            int budgets = 0;
            for (int i = 0; i < x.length; i++) {
                double place = minima.get(i).drawnParams(draw);
                boolean inside = Double.isFinite(place);
                y[i] = inside ? place : 0;
                valid[i] = inside ? weight[i] : 0;
                budgets += inside ? 1 : 0;
            }
            if (budgets > 1) {
                exponents[found++] = PowerTrend.of(x, y, valid).exponent();
            }
        }
        if (found == 0) {
            return null;
        }
        double[] sorted = Arrays.copyOf(exponents, found);
        Arrays.sort(sorted);
        return new IsoFlopReading.Range(quantile(sorted, 0.025), quantile(sorted, 0.975));
    }

    private double[] each(ToDoubleFunction<IsoFlopMinimum> value) {
        return minima.stream()
                .mapToDouble(m -> value.applyAsDouble(m.minimum()))
                .toArray();
    }

    private static double weight(double sd) {
        return 1 / Math.max(LEAST_SD * LEAST_SD, sd * sd);
    }

    /** Linear between order statistics. */
    private static double quantile(double[] sorted, double level) {
        double at = level * (sorted.length - 1);
        int low = (int) Math.floor(at);
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
