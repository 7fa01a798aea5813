package io.straightedge.publisher.view;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * What is known of every study and run.
 *
 * <p>{@link #apply} is for one thread; everything else is for any. Whatever is returned is an immutable snapshot.
 */
public final class View {

    /** The topics that it is rebuilt from. */
    public static final List<String> TOPICS = List.of(
            Topics.CURVE_ESTIMATES,
            Topics.LAW_ESTIMATES,
            Topics.DEVIATIONS,
            Topics.FORECAST_SCORES,
            Topics.PREDICTIONS,
            Topics.RECOMMENDATIONS,
            Topics.ALERTS,
            Topics.ALERT_COMMANDS);

    private static final Logger LOG = LoggerFactory.getLogger(View.class);

    private final ConcurrentSkipListMap<RunId, RunView> runs = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, StudyView> studies = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Alert> alerts = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, AlertCommand> silences = new ConcurrentSkipListMap<>();
    private final Changes changes = new Changes();
    private final Intake intake = new Intake(this);
    private final Counter unreadable;
    private volatile boolean caughtUp;

    public View(MeterRegistry meters) {
        this.unreadable = Counter.builder("straightedge.view.unreadable")
                .description("Records that the read model could not read and passed over")
                .register(meters);
        Gauge.builder("straightedge.view.runs", runs, ConcurrentSkipListMap::size)
                .description("Runs in the read model")
                .register(meters);
        Gauge.builder("straightedge.view.subscribers", changes, Changes::subscribers)
                .description("Browsers and others that follow the change stream")
                .register(meters);
    }

    /** Takes records in order; a record that cannot be read is logged, counted and passed over. */
    public void apply(List<ConsumerRecord<byte[], byte[]>> records, boolean allSeen) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                intake.take(record);
            } catch (MessageException | IllegalArgumentException e) {
                unreadable.increment();
                LOG.warn(
                        "passed over {}-{}@{}: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
            }
        }
        if (allSeen) {
            caughtUp = true;
        }
    }

    /** Whether all that was there when the reading began has been seen. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** Every run of which an estimate is known, by study and name. */
    public List<RunView> runs() {
        return runs.values().stream().filter(run -> run.mainSplit() != null).toList();
    }

    /** The runs of one study, by name. */
    public List<RunView> runs(String study) {
        return runs.tailMap(new RunId(study, ""), true).values().stream()
                .takeWhile(run -> run.id().study().equals(study))
                .filter(run -> run.mainSplit() != null)
                .toList();
    }

    public @Nullable RunView run(RunId id) {
        RunView run = runs.get(id);
        return run == null || run.mainSplit() == null ? null : run;
    }

    /** Every study with a run or a law, by name. */
    public List<StudyView> studies() {
        List<String> names = new ArrayList<>(studies.keySet());
        runs().stream().map(run -> run.id().study()).forEach(names::add);
        return names.stream()
                .distinct()
                .sorted()
                .map(name -> studies.getOrDefault(name, StudyView.empty(name)))
                .toList();
    }

    /** Null when neither a run nor a law of it is known. */
    public @Nullable StudyView study(String name) {
        StudyView study = studies.get(name);
        if (study == null && !runs(name).isEmpty()) {
            return StudyView.empty(name);
        }
        return study;
    }

    /** Alerts by id. */
    public List<Alert> alerts() {
        return List.copyOf(alerts.values());
    }

    public @Nullable Alert alert(String id) {
        return alerts.get(id);
    }

    /** Silences by key, past ones too, those that were taken back not. */
    public List<AlertCommand> silences() {
        return List.copyOf(silences.values());
    }

    /**
     * What has changed, in lists, at most one per {@code every}; a slow subscriber misses states, never the last.
     *
     * @param ready asked before each list: while false, changes are merged instead of sent
     */
    public Flux<List<Change>> changes(Duration every, Scheduler scheduler, BooleanSupplier ready) {
        return changes.every(every, scheduler, ready);
    }

    void change(RunId id, UnaryOperator<RunView> change) {
        RunView held = runs.getOrDefault(id, RunView.empty(id));
        RunView fresh = change.apply(held);
        if (fresh.splits().isEmpty() && fresh.deviations().isEmpty()) {
            runs.remove(id);
        } else {
            runs.put(id, fresh);
        }
        changes.tell(new Change(id.study(), id.run()));
    }

    void remove(RunId id) {
        runs.remove(id);
        changes.tell(new Change(id.study(), id.run()));
    }

    void change(String study, UnaryOperator<StudyView> change) {
        StudyView fresh = change.apply(studies.getOrDefault(study, StudyView.empty(study)));
        if (fresh.empty()) {
            studies.remove(study);
        } else {
            studies.put(study, fresh);
        }
        changes.tell(new Change(study, null));
    }

    void change(String alertId, @Nullable Alert alert) {
        Alert held = alert == null ? alerts.remove(alertId) : alerts.put(alertId, alert);
        Alert told = alert == null ? held : alert;
        if (told != null) {
            // An alert of the whole study names no run.
            changes.tell(new Change(told.study(), told.run().isEmpty() ? null : told.run()));
        }
    }

    void silence(String key, @Nullable AlertCommand silence) {
        if (silence == null || silence.until() == null) {
            silences.remove(key);
        } else {
            silences.put(key, silence);
        }
    }
}
