package io.straightedge.deploy.backtest.alarm;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes down what a study's deviations would have made people hear: through the alert lane's own book of rules.
 *
 * <p>An alert is told as a warning and once more when it becomes a page. Stalls are left out: the times are made up. One
 * thread.
 */
final class AlarmLog {

    /** What is worth knowing, and no trouble. */
    private static final Set<Detector> INFORMATION = EnumSet.of(
            Detector.RESTART, Detector.RATE_CHANGE, Detector.BATCH_CHANGE, Detector.SHARED, Detector.LAW_JUMP);

    private final AlertBook book;
    private final Map<String, Severity> told = new HashMap<>();
    private final Set<String> begun = new HashSet<>();
    private final List<Alarm> deviations = new ArrayList<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private final List<Alarm> informed = new ArrayList<>();
    private final List<Alarm> notices = new ArrayList<>();

    AlarmLog(RuleBook rules) {
        book = new AlertBook(rules);
    }

    /** Whether a finding is trouble that a back-test can judge. */
    static boolean isTrouble(Deviation deviation) {
        return deviation.detector() != Detector.STALL && !INFORMATION.contains(deviation.detector());
    }

    /** A detector said something at an observation of a run. */
    void take(Deviation deviation, LoggedRun run, int index) {
        if (deviation.detector() == Detector.STALL) {
            return;
        }
        if (deviation.phase() != Deviation.Phase.ENDED && begun.add(deviation.id())) {
            boolean ofStudy = deviation.run().isEmpty();
            Alarm found = new Alarm(
                    deviation.study(),
                    ofStudy ? List.of() : List.of(run.name()),
                    ofStudy,
                    name(deviation.detector()),
                    Severity.INFO,
                    false,
                    deviation.onsetStep(),
                    run.step(index),
                    index,
                    deviation.sizeNats());
            (isTrouble(deviation) ? deviations : notices).add(found);
        }
        tell(book.apply(deviation), run, index);
    }

    /** A run is so far. */
    void reached(LoggedRun run, int index, int attempt, long sequence, RunStatus status) {
        tell(book.apply(estimate(run, index, attempt, sequence, status)), run, index);
    }

    private void tell(List<Alert> changed, LoggedRun run, int index) {
        for (Alert alert : changed) {
            Severity before = told.get(alert.id());
            boolean louder = before == null || alert.severity().compareTo(before) > 0;
            boolean information = alert.severity() == Severity.INFO && alert.state() != Alert.State.PENDING;
            if (louder && (information || alert.active())) {
                told.put(alert.id(), alert.severity());
                boolean fleet = alert.run().isEmpty();
                (information ? informed : alarms)
                        .add(new Alarm(
                                alert.study(),
                                fleet ? alert.runs() : List.of(alert.run()),
                                fleet,
                                alert.rule(),
                                alert.severity(),
                                before != null && before != Severity.INFO,
                                alert.onsetStep(),
                                run.step(index),
                                index,
                                alert.sizeNats()));
            }
        }
    }

    /** As much of an estimate as the book looks at. */
    private static CurveEstimate estimate(LoggedRun run, int index, int attempt, long sequence, RunStatus status) {
        return new CurveEstimate(
                run.past().study(),
                run.name(),
                run.past().split(),
                run.past().study() + "/" + run.name() + "/" + sequence,
                sequence,
                sequence,
                status,
                attempt,
                null,
                null,
                null,
                null,
                null,
                run.step(index),
                null,
                null,
                true,
                "",
                Map.of(),
                Double.NaN,
                List.of(),
                List.of(),
                null,
                null,
                List.of(),
                List.of());
    }

    static String name(Detector detector) {
        return detector.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Findings of trouble, each when it began. */
    List<Alarm> deviations() {
        return List.copyOf(deviations);
    }

    /** Warnings and pages. */
    List<Alarm> alarms() {
        return List.copyOf(alarms);
    }

    /** What was told for information. */
    List<Alarm> informed() {
        return List.copyOf(informed);
    }

    int alarmCount() {
        return alarms.size();
    }

    Alarm alarm(int index) {
        return alarms.get(index);
    }

    /** Findings that are information: restarts, changes of rate or batch. */
    List<Alarm> notices() {
        return List.copyOf(notices);
    }
}
