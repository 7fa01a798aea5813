package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.LrPlan;
import java.util.Map;

/**
 * What was decided of a run before it began.
 *
 * @param schedule class of the learning-rate schedule
 * @param scheduleNumbers where the peak is and how high the rate stands at half, four fifths and the end: [4]
 * @param adam whether the optimiser is one of Adam's family, whose peak rates compare across studies
 * @param optimizer its name; empty when unknown
 * @param peakRate peak learning rate; NaN when unknown
 * @param params N; NaN when unknown
 * @param steps planned steps
 * @param tokensPerStep NaN when unknown
 * @param hyperparameters further numbers, by name
 */
@SuppressWarnings("ArrayRecordComponent") // four numbers of a plan, never compared
public record Recipe(
        ScheduleClass schedule,
        double[] scheduleNumbers,
        boolean adam,
        String optimizer,
        double peakRate,
        double params,
        double steps,
        double tokensPerStep,
        Map<String, Double> hyperparameters) {

    static final int SCHEDULE_NUMBERS = 4;
    private static final double SLOPE_DATA = -.055;
    private static final double SLOPE_SIZE = -.058;

    public Recipe {
        hyperparameters = Map.copyOf(hyperparameters);
    }

    /** The schedule's part of a recipe. */
    public static double[] scheduleNumbers(LrPlan plan) {
        double end = plan.plannedSteps();
        return new double[] {plan.peakStep() / end, plan.rate(.5 * end), plan.rate(.8 * end), plan.rate(end)};
    }

    /** Logarithms of what numbers there are, NaN for what is not known: [4]. */
    double[] features() {
        return new double[] {logPeakRate(), logParams(), log(steps), logTokensPerStep()};
    }

    double logParams() {
        return log(params);
    }

    double logPeakRate() {
        return log(peakRate);
    }

    double logTokensPerStep() {
        return log(tokensPerStep);
    }

    /** ln D, or ln of the steps where D is not known. */
    double logData() {
        double tokens = logTokensPerStep();
        return log(steps) + (Double.isNaN(tokens) ? 0 : tokens);
    }

    /**
     * How ln of the final loss goes with size and data in runs of many families, up to a constant: -.055 ln D - .058 ln N,
     * median slopes of 27 families' final losses; what is not known is left out.
     */
    double usualTrend() {
        double ofSize = SLOPE_SIZE * logParams();
        return (Double.isNaN(ofSize) ? 0 : ofSize) + SLOPE_DATA * logData();
    }

    /** The peak rate where it compares across studies, else NaN. */
    public double adamPeakRate() {
        return adam ? peakRate : Double.NaN;
    }

    private static double log(double value) {
        return value > 0 ? Math.log(value) : Double.NaN;
    }
}
