package io.straightedge.fitter.state;

import io.straightedge.fitter.detect.SharedRule;
import io.straightedge.fitter.history.StudyHistory;
import io.straightedge.fitter.interval.ForecastLedger;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that is remembered of one study. */
final class StudyState {

    final String name;
    final TreeMap<String, RunState> runs = new TreeMap<>();

    StudyDefinition definition;
    boolean definitionDirty;

    /** Events of the study so far. */
    long sequence;

    /** Latest time that any event of the study told, milliseconds since 1970; negative before the first. */
    long latestMillis = -1;

    /** When stalls were last looked for. */
    long checkedMillis = -1;

    boolean dirty;

    /** What its finished runs say, by split; made anew from them when they have changed. */
    final Map<String, StudyHistory> histories = new TreeMap<>();

    long lawRevision;

    /** The points of the last fit, by run. */
    SortedMap<String, StudyPoints.Used> lawUsed = new TreeMap<>();

    /** The last fit, from which the next one starts. */
    @Nullable
    LawFit lawFit;

    /** Mean absolute error of each law on budgets held out, in percent, as of the last run that ended. */
    final SortedMap<String, Double> holdOutPercent = new TreeMap<>();

    boolean lawDirty;

    /** What the forecasts of finished runs were worth, by split. */
    final TreeMap<String, ForecastLedger> ledgers = new TreeMap<>();

    /** Steps at which many runs are up, by split. */
    final TreeMap<String, SharedRule> shared = new TreeMap<>();

    boolean sharedDirty;

    /** What runs of one data order are held against, by the order's id. */
    final TreeMap<String, ReferenceSeries> references = new TreeMap<>();

    /** Its finished runs and what they foretell; null before it is asked for, and looked at again once stale. */
    @Nullable
    Siblings siblings;

    boolean siblingsStale;

    StudyState(String name) {
        this.name = name;
        this.definition = new StudyDefinition(name, null, null, null, null, null, List.of(), null, null, Map.of());
    }

    RunState run(String run) {
        return runs.computeIfAbsent(run, absent -> new RunState(name, run));
    }

    ForecastLedger ledger(String split) {
        return ledgers.computeIfAbsent(split, absent -> new ForecastLedger());
    }

    SharedRule shared(String split) {
        return shared.computeIfAbsent(split, absent -> new SharedRule());
    }

    ReferenceSeries reference(String dataOrder) {
        return references.computeIfAbsent(dataOrder, absent -> new ReferenceSeries());
    }

    /** Runs whose observations of a split lie on both sides of a step, or at it. */
    int passed(String split, long step) {
        int passed = 0;
        for (RunState run : runs.values()) {
            SplitState curve = run.splits.get(split);
            if (curve != null && curve.bins.size() > 0 && curve.bins.meanStep(0) <= step && curve.lastStep >= step) {
                passed++;
            }
        }
        return passed;
    }

    /** The split whose curve feeds the law. */
    String primarySplit() {
        String primary = definition.primarySplit();
        return primary == null ? LossObservation.TRAIN : primary;
    }

    boolean wallClock() {
        return definition.clock() != StudyClock.EVENT;
    }
}
