package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.CurvePoint;
import io.straightedge.protocol.fit.RunStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** How far the runs of a study are, by the latest estimate of each of their splits. Not thread-safe. */
final class Runs {

    /** Estimates come when bins close, eight to an octave: a run may be so much further than its latest says. */
    private static final double BIN = Math.pow(2, 0.125);

    private record Split(long sequence, RunStatus status, int attempt, long step, double observations) {}

    private final TreeMap<String, Map<String, Split>> runs = new TreeMap<>();
    private final Map<String, Double> perDay = new HashMap<>();

    void keep(CurveEstimate estimate) {
        double observations =
                estimate.curve().stream().mapToDouble(CurvePoint::count).sum();
        runs.computeIfAbsent(estimate.run(), run -> new TreeMap<>())
                .put(
                        estimate.split(),
                        new Split(
                                estimate.sequence(),
                                estimate.status(),
                                estimate.attempt(),
                                estimate.step(),
                                observations));
    }

    /** Takes note of how often a run logs. */
    void paced(String run, double observationsPerDay) {
        perDay.put(run, observationsPerDay);
    }

    /** Whether nothing is left of the run now. */
    boolean forget(String run, String split) {
        Map<String, Split> splits = runs.get(run);
        if (splits == null) {
            return false;
        }
        splits.remove(split);
        if (splits.isEmpty()) {
            runs.remove(run);
            perDay.remove(run);
        }
        return splits.isEmpty();
    }

    boolean empty() {
        return runs.isEmpty();
    }

    /** Whether the run had ended when the study's event of that number was applied, or has since, in that attempt. */
    boolean ended(String run, long sequence, int attempt) {
        return runs.getOrDefault(run, Map.of()).values().stream()
                .anyMatch(split -> split.status.ended() && split.sequence >= sequence && split.attempt >= attempt);
    }

    long running() {
        return runs.values().stream()
                .filter(splits -> splits.values().stream().anyMatch(split -> split.status == RunStatus.RUNNING))
                .count();
    }

    /** How many runs have seen that step, as far as estimates tell. */
    long reached(long step) {
        return runs.values().stream()
                .filter(splits -> splits.values().stream().anyMatch(split -> split.step * BIN >= step))
                .count();
    }

    /** Days that the runs have been watched for, by their observations and how often they log. */
    double days() {
        double days = 0;
        for (Map.Entry<String, Map<String, Split>> run : runs.entrySet()) {
            double observations = run.getValue().values().stream()
                    .mapToDouble(Split::observations)
                    .max()
                    .orElse(0);
            days += observations / perDay.getOrDefault(run.getKey(), RuleBook.USUAL_PER_DAY);
        }
        return days;
    }
}
