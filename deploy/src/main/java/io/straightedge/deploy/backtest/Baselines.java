package io.straightedge.deploy.backtest;

import io.straightedge.fitter.solve.LeastSquares;
import io.straightedge.fitter.solve.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What simpler methods say of a run's final loss.
 *
 * <ul>
 *   <li>last-value: the mean of the last 2 % of the plan's steps that were seen; no intervals.
 *   <li>power-law: E + A t^-alpha in steps, blind to the learning rate.
 *   <li>multi-power-law: {@link MultiPowerLaw}; the power law where no schedule is known.
 * </ul>
 *
 * <p>Fits are robust least squares (Huber's, by modified residuals) on the last nine tenths of what was seen, as means
 * of at most {@value #MOST_POINTS} neighbours evenly in the logarithm of the step, the best of two or three starts.
 * Intervals come from the delta method, which takes the form for true and residuals for independent: they are too
 * narrow. A forecast is held between zero and the highest loss seen. With too few points a method says what the simpler
 * one says. O(points) a fit.
 */
final class Baselines {

    private static final int MOST_POINTS = 24;
    private static final double FROM = 0.1;
    /** Residuals beyond so many robust standard deviations are drawn in. */
    private static final double HUBER = 1.345;

    private static final double MAD_TO_SD = 1.4826;
    private static final int ROBUST_ROUNDS = 2;
    private static final int POWER_LAW_PARAMETERS = 3;

    private Baselines() {}

    /** The guesses of those of {@code methods} that are baselines. */
    static Map<Method, Guess> of(Standing standing, List<Method> methods) {
        Map<Method, Guess> guesses = new EnumMap<>(Method.class);
        if (methods.contains(Method.LAST_VALUE)) {
            guesses.put(Method.LAST_VALUE, Guess.bare(standing.lastValue()));
        }
        boolean multi = methods.contains(Method.MULTI_POWER_LAW);
        if (methods.contains(Method.POWER_LAW) || multi) {
            Standing thinned = thinned(standing);
            Guess power = powerLaw(thinned, standing.lastValue());
            if (methods.contains(Method.POWER_LAW)) {
                guesses.put(Method.POWER_LAW, power);
            }
            if (multi) {
                guesses.put(Method.MULTI_POWER_LAW, MultiPowerLaw.guess(thinned, power));
            }
        }
        return guesses;
    }

    private static Guess powerLaw(Standing seen, double lastValue) {
        int n = seen.size();
        if (n <= POWER_LAW_PARAMETERS) {
            return Guess.bare(lastValue);
        }
        double last = seen.lastStep();
        double level = seen.losses()[n - 1];
        LeastSquares.Model model = parameters -> {
            double[] values = new double[n + 1];
            double alpha = Math.exp(parameters[2]);
            for (int i = 0; i <= n; i++) {
                double t = (i == n ? seen.plannedSteps() : seen.steps()[i]) / last;
                values[i] = parameters[0] + Math.exp(parameters[1]) * Math.pow(t, -alpha);
            }
            return values;
        };
        double[][] starts = {
            {.85 * level, Math.log(.15 * level), Math.log(.4)},
            {.6 * level, Math.log(.4 * level), Math.log(.15)},
            {.95 * level, Math.log(.05 * level), Math.log(.8)}
        };
        Guess fitted = fit(seen, model, starts);
        return fitted == null ? Guess.bare(lastValue) : fitted;
    }

    /** The robust fit's value at the planned end; null when none of the starts converges. */
    static @Nullable Guess fit(Standing seen, LeastSquares.Model model, double[][] starts) {
        LeastSquares.Fit best = null;
        for (double[] start : starts) {
            if (LeastSquares.fit(seen.losses(), model, start) instanceof Outcome.Found<LeastSquares.Fit> found
                    && (best == null || found.value().cost() < best.cost())) {
                best = found.value();
            }
        }
        for (int round = 0; best != null && round < ROBUST_ROUNDS; round++) {
            double[] drawn = drawnIn(seen.losses(), model.at(best.parameters()));
            if (Arrays.equals(drawn, seen.losses())
                    || !(LeastSquares.fit(drawn, model, best.parameters())
                            instanceof Outcome.Found<LeastSquares.Fit> found)) {
                break;
            }
            best = found.value();
        }
        if (best == null) {
            return null;
        }
        double highest = Arrays.stream(seen.losses()).max().orElse(best.end());
        return Guess.normal(Math.max(0, Math.min(highest, best.end())), best.endSd());
    }

    /** The data with large residuals cut to Huber's bound. */
    private static double[] drawnIn(double[] data, double[] values) {
        double[] sizes = new double[data.length];
        for (int i = 0; i < data.length; i++) {
            sizes[i] = Math.abs(data[i] - values[i]);
        }
        double[] sorted = sizes.clone();
        Arrays.sort(sorted);
        double bound = HUBER * MAD_TO_SD * sorted[sorted.length / 2];
        double[] drawn = data.clone();
        for (int i = 0; i < data.length; i++) {
            if (sizes[i] > bound) {
                drawn[i] = values[i] + Math.copySign(bound, data[i] - values[i]);
            }
        }
        return drawn;
    }

    /** Means of neighbours evenly in the logarithm of the step, from a tenth of the last step on. */
    private static Standing thinned(Standing standing) {
        double last = standing.lastStep();
        double first = Math.max(1, FROM * last);
        double[] steps = new double[MOST_POINTS];
        double[] losses = new double[MOST_POINTS];
        int[] count = new int[MOST_POINTS];
        double width = Math.log(1.000001 * Math.max(2, last / first)) / MOST_POINTS;
        for (int i = 0; i < standing.size(); i++) {
            double step = standing.steps()[i];
            if (step >= first) {
                int at = (int) Math.min(MOST_POINTS - 1, Math.log(step / first) / width);
                count[at]++;
                steps[at] += step;
                losses[at] += standing.losses()[i];
            }
        }
        int used = 0;
        for (int at = 0; at < MOST_POINTS; at++) {
            if (count[at] > 0) {
                steps[used] = steps[at] / count[at];
                losses[used++] = losses[at] / count[at];
            }
        }
        return standing.with(Arrays.copyOf(steps, used), Arrays.copyOf(losses, used));
    }
}
