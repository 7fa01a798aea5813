package io.straightedge.deploy.backtest.alarm;

import io.straightedge.fitter.state.StudyReplay;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.rule.RuleBook;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fault put into a run from one observation on, with the fitter in the loop: what it does to the curve and its refits
 * counts. The run is its study's only one, but for one that saw the same data and has been fed before it. One thread.
 */
final class InjectionTrial {

    /** Any detector. */
    static final String DEVIATION = "any detector";

    static final String WARNING = "warning";
    static final String PAGE = "page";

    private final LoggedRun run;
    private final RuleBook rules;
    private final @Nullable LoggedRun reference;
    /** A study that knows the reference; null where there is none, and before the first trial. */
    private @Nullable StudyReplay paired;

    InjectionTrial(LoggedRun run, @Nullable LoggedRun reference, RuleBook rules) {
        this.run = run;
        this.reference = reference;
        this.rules = rules;
    }

    /**
     * What the run's own findings are without a fault.
     *
     * @param ids of all of them
     * @param open whether one is on, by observation
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Healthy(Set<String> ids, boolean[] open) {}

    Healthy healthy() {
        Set<String> ids = new HashSet<>();
        Set<String> on = new HashSet<>();
        boolean[] open = new boolean[run.size()];
        StudyReplay study = begin();
        for (int i = 0; i < run.size(); i++) {
            for (Deviation deviation : study.watch(run.event(i))) {
                if (isOwn(deviation) && AlarmLog.isTrouble(deviation)) {
                    ids.add(deviation.id());
                    if (deviation.phase() == Deviation.Phase.ENDED) {
                        on.remove(deviation.id());
                    } else {
                        on.add(deviation.id());
                    }
                }
            }
            open[i] = !on.isEmpty();
        }
        return new Healthy(ids, open);
    }

    /**
     * How many observations of a fault it took, the first and last counted, by who found it: detectors by their names, and
     * {@link #DEVIATION}, {@link #WARNING} (or page), {@link #PAGE}. Who did not find it in time is not there.
     *
     * @param onset index of its first observation
     */
    Map<String, Integer> delays(Fault fault, int onset, Trend trend, Healthy healthy) {
        Map<String, Integer> delays = new HashMap<>();
        StudyReplay study = begin();
        AlarmLog log = new AlarmLog(rules);
        int told = 0;
        double before = trend.at(run.step(onset));
        for (int i = 0; i < Math.min(run.size(), onset + fault.within()); i++) {
            Double loss = run.past().losses().get(i).loss();
            if (i >= onset && loss != null) {
                loss += fault.addedNats(i - onset, before - trend.at(run.step(i)));
            }
            for (Deviation deviation : study.watch(run.event(i, loss))) {
                boolean own = i >= onset && isOwn(deviation) && !healthy.ids().contains(deviation.id());
                if (own && deviation.phase() != Deviation.Phase.ENDED && AlarmLog.isTrouble(deviation)) {
                    delays.putIfAbsent(AlarmLog.name(deviation.detector()), i - onset + 1);
                    delays.putIfAbsent(DEVIATION, i - onset + 1);
                }
                if (own || i < onset) {
                    log.take(deviation, run, i);
                }
            }
            for (; told < log.alarmCount(); told++) {
                if (i >= onset) {
                    delays.putIfAbsent(WARNING, i - onset + 1);
                    if (log.alarm(told).severity() == Severity.CRITICAL) {
                        delays.putIfAbsent(PAGE, i - onset + 1);
                    }
                }
            }
        }
        return delays;
    }

    private boolean isOwn(Deviation deviation) {
        return reference == null || deviation.run().equals(run.name());
    }

    private StudyReplay begin() {
        StudyReplay study = paired;
        if (study == null) {
            study = StudyReplay.watching(StudyWatch.definition(run.past()));
            if (reference != null) {
                study.watch(reference.past().manifest());
                for (int i = 0; i < reference.size(); i++) {
                    study.watch(reference.untimed(i));
                }
                paired = study;
            }
        } else {
            study.forget(run.name());
        }
        study.watch(run.past().manifest());
        return study;
    }
}
