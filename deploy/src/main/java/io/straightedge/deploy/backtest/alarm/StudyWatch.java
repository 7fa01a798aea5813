package io.straightedge.deploy.backtest.alarm;

import io.straightedge.fitter.state.StudyReplay;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.ingest.history.Truth;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.rule.RuleBook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Lives a study through, its runs side by side by the steps that they have taken; a run's end comes after its last observation.
 * One thread.
 */
final class StudyWatch {

    /** The book is told of a run's step when it has moved by an eighth of an octave, as when a bin closes. */
    private static final double BIN = Math.pow(2, .125);

    private static final int BETWEEN_REPORTS = 1024;

    private final List<LoggedRun> runs;
    private final StudyReplay study;
    private final AlarmLog log;
    private final Map<String, List<Alarm>> practice = new LinkedHashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private long sequence = 1;

    private StudyWatch(List<LoggedRun> runs, RuleBook rules) {
        this.runs = runs;
        this.study = StudyReplay.watching(definition(runs.get(0).past()));
        this.log = new AlarmLog(rules);
        PracticeRule.all().keySet().forEach(rule -> practice.put(rule, new ArrayList<>()));
    }

    /** What came of a study. */
    record Watched(
            int runs,
            long observations,
            double days,
            List<Alarm> deviations,
            List<Alarm> notices,
            List<Alarm> informed,
            List<Alarm> alarms,
            Map<String, List<Alarm>> practice) {}

    /**
     * Lives through a study.
     *
     * @param fed is told how many observations more have been fed
     */
    static Watched live(List<LoggedRun> runs, RuleBook rules, LongConsumer fed) {
        StudyWatch watch = new StudyWatch(runs, rules);
        watch.feed(fed);
        return new Watched(
                runs.size(),
                runs.stream().mapToLong(LoggedRun::size).sum(),
                runs.stream().mapToDouble(LoggedRun::days).sum(),
                watch.log.deviations(),
                watch.log.notices(),
                watch.log.informed(),
                watch.log.alarms(),
                watch.practice);
    }

    static StudyDefinition definition(PastRun any) {
        return new StudyDefinition(
                any.study(), null, LossUnit.NATS, null, any.split(), null, List.of(), StudyClock.EVENT, null, Map.of());
    }

    /** A run and how far it has been fed. */
    private static final class Cursor {

        private final LoggedRun run;
        private final int order;
        private final Map<String, PracticeRule> practice = new LinkedHashMap<>();
        private int next;
        private double toldStep = -1;

        Cursor(LoggedRun run, int order) {
            this.run = run;
            this.order = order;
            for (Map.Entry<String, Supplier<PracticeRule>> rule :
                    PracticeRule.all().entrySet()) {
                practice.put(rule.getKey(), rule.getValue().get());
            }
        }

        long taken() {
            return run.taken()[next];
        }

        int order() {
            return order;
        }
    }

    private void feed(LongConsumer fed) {
        PriorityQueue<Cursor> queue =
                new PriorityQueue<>(Comparator.comparingLong(Cursor::taken).thenComparingInt(Cursor::order));
        for (LoggedRun run : runs) {
            if (run.size() > 0) {
                queue.add(new Cursor(run, queue.size()));
            }
        }
        int unreported = 0;
        for (Cursor cursor = queue.poll(); cursor != null; cursor = queue.poll()) {
            observe(cursor);
            if (++unreported == BETWEEN_REPORTS) {
                fed.accept(unreported);
                unreported = 0;
            }
            if (++cursor.next < cursor.run.size()) {
                queue.add(cursor);
            } else {
                end(cursor.run);
            }
        }
        fed.accept(unreported);
    }

    private void observe(Cursor cursor) {
        LoggedRun run = cursor.run;
        int index = cursor.next;
        if (index == 0) {
            apply(run.past().manifest(), run, index);
        }
        apply(run.event(index), run, index);
        long step = run.step(index);
        if (step >= BIN * cursor.toldStep || step < cursor.toldStep) {
            cursor.toldStep = step;
            reached(run, index, RunStatus.RUNNING);
        }
        cursor.practice.forEach((name, rule) -> {
            if (rule.fires(run.loss(index))) {
                List<Alarm> alarms = practice.getOrDefault(name, new ArrayList<>());
                alarms.add(Alarm.of(run, name, Severity.CRITICAL, step, index, Double.NaN));
            }
        });
    }

    private void end(LoggedRun run) {
        int last = run.size() - 1;
        apply(run.past().end(Truth.LAST2PCT), run, last);
        reached(run, last, RunStatus.FINISHED);
    }

    private void apply(TrainingEvent event, LoggedRun run, int index) {
        sequence++;
        for (Deviation deviation : study.watch(event)) {
            if (deviation.detector() == Detector.RESTART) {
                attempts.put(run.name(), deviation.attempt());
            }
            log.take(deviation, run, index);
        }
    }

    private void reached(LoggedRun run, int index, RunStatus status) {
        log.reached(run, index, attempts.getOrDefault(run.name(), 0), sequence, status);
    }
}
