package io.straightedge.deploy.backtest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a back-test. Methods are named as {@link Method#label} has it; each has one score a fraction.
 *
 * @param curves runs (of one split) that were tested at one fraction at least
 * @param history which finished runs were known, in words
 * @param truth what counts as the final loss
 * @param methods over all runs
 * @param macro each statistic is the mean over sources of its value in a source
 * @param bySource by source, then by method
 * @param bySchedule by the kind of the planned schedule, then by method
 * @param calibration of the live lane's intervals, by fraction
 * @param skipped what was not tested, and why
 */
public record BacktestReport(
        int curves,
        String history,
        String truth,
        Map<String, List<FractionScore>> methods,
        Map<String, List<FractionScore>> macro,
        Map<String, Map<String, List<FractionScore>>> bySource,
        Map<String, Map<String, List<FractionScore>>> bySchedule,
        List<Calibration> calibration,
        List<Skipped> skipped) {

    /** Shares of the final losses inside the live lane's 50, 80 and 95 % intervals. */
    public record Calibration(double fraction, int n, double inside50, double inside80, double inside95) {}

    /**
     * Errors at a fraction of the plan; null where there is nothing to tell.
     *
     * @param n forecasts
     * @param medianNats of the errors' sizes, nats per token
     * @param p90Nats of the errors' sizes
     * @param meanNats of the errors' sizes
     * @param medianPercent of the errors' sizes, in percent of the final loss
     * @param p90Percent of the errors' sizes, in percent of the final loss
     * @param coverage80 share of the final losses inside the 80 % interval
     * @param coverage95 share of the final losses inside the 95 % interval
     * @param halfWidth95 median half-width of the 95 % interval, nats per token
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record FractionScore(
            double fraction,
            int n,
            @Nullable Double medianNats,
            @Nullable Double p90Nats,
            @Nullable Double meanNats,
            @Nullable Double medianPercent,
            @Nullable Double p90Percent,
            @Nullable Double coverage80,
            @Nullable Double coverage95,
            @Nullable Double halfWidth95) {}

    /**
     * Runs that were left out, or forecasts that could not be made.
     *
     * @param fraction at which no forecast could be made; null where the run was left out
     * @param examples some of their names
     */
    public record Skipped(String reason, @Nullable Double fraction, int count, List<String> examples) {
        public Skipped {
            examples = List.copyOf(examples);
        }
    }
}
