package io.straightedge.deploy.backtest.alarm;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What would have fired on a history.
 *
 * @param runs that were fed
 * @param observations of all of them
 * @param runDays that they were watched for
 * @param pages alerts that fired as critical, or became so
 * @param warnings alerts that fired as warnings; of these, some may have become pages later
 * @param notices alerts that were told for information
 * @param perThousandSteps alerts that were warnings or pages in 1,000 observations
 * @param perThousandRunDays the same in 1,000 run-days
 * @param pagesPerThousandRunDays pages alone
 * @param labels what became of the anomalies that were known
 * @param byDetector for each rule that said anything, its findings, warnings and pages
 * @param baselines the same history under the rules that others use, whose every firing counts as a page
 * @param injected what became of injected faults; null where none were
 * @param untested why, by reason, something was left out: how many runs or faults
 */
public record AlarmReport(
        int runs,
        long observations,
        double runDays,
        List<Fired> pages,
        List<Fired> warnings,
        List<Fired> notices,
        double perThousandSteps,
        double perThousandRunDays,
        double pagesPerThousandRunDays,
        Labels labels,
        Map<String, Counts> byDetector,
        Map<String, Baseline> baselines,
        @Nullable List<Injected> injected,
        Map<String, Integer> untested) {

    /**
     * An alarm.
     *
     * @param run empty where it is about several
     * @param onsetStep the first step that deviates
     * @param foundStep the step at which it fired
     * @param sizeNats observed minus predicted loss; NaN where the rule has none
     * @param runs how many runs it is about; null for one
     */
    public record Fired(
            String study,
            String run,
            String rule,
            long onsetStep,
            long foundStep,
            double sizeNats,
            String severity,
            @Nullable Integer runs) {}

    /**
     * What became of known anomalies.
     *
     * <p>One is found when an alarm of its run has its onset, or was told, between its first and last step, a logging
     * interval more on either side.
     *
     * @param medianDelay observations from the first of the anomaly to the alarm, both counted, of those found
     * @param other alarms that belong to no anomaly
     * @param asDeviation the same for findings, told or not; null for rules that have none
     * @param restarts known restarts that were seen as such; null where none are known
     * @param withoutRun anomalies of runs that the files do not hold
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Labels(
            int found,
            int missed,
            @Nullable Double medianDelay,
            int other,
            @Nullable Finds asDeviation,
            @Nullable Finds restarts,
            int withoutRun) {}

    /** Found and missed, and the median delay of those found. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Finds(int found, int missed, @Nullable Double medianDelay) {}

    /** How often a rule spoke. */
    public record Counts(int deviations, int warnings, int pages) {}

    /** What another rule would have done; as in the report. */
    public record Baseline(
            long observations,
            double runDays,
            List<Fired> pages,
            List<Fired> warnings,
            double perThousandSteps,
            double perThousandRunDays,
            Labels labels) {}

    /**
     * What became of one kind of injected fault, looked for within so many observations.
     *
     * @param noise of the runs that it was put into
     * @param by a detector; or any of them, warning (or page), page
     * @param medianDelay observations of the fault up to the finding, the first and last counted; a miss counts as infinite,
     *     which is null
     * @param meanDelay of those found; null where none was
     * @param missedShare of the trials
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Injected(
            String fault,
            String noise,
            int withinObservations,
            String by,
            int trials,
            @Nullable Double medianDelay,
            @Nullable Double meanDelay,
            double missedShare) {}

    public AlarmReport {
        pages = List.copyOf(pages);
        warnings = List.copyOf(warnings);
        notices = List.copyOf(notices);
    }
}
