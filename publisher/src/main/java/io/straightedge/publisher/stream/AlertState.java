package io.straightedge.publisher.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.PartitionState;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.notify.AlertTelling;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alert lanes of the partitions held; whoever tells people hears of what is committed. A record that is not what its
 * topic promises is logged, counted and passed over: only our own stages write these topics.
 */
final class AlertState implements PartitionState {

    private static final Logger LOG = LoggerFactory.getLogger(AlertState.class);

    private record Told(int partition, AlertLane.Step step) {}

    private final RuleBook rules;
    private final AlertTelling telling;
    private final AlertMeters meters;
    private final Map<Integer, AlertLane> lanes = new TreeMap<>();

    /** What the batches under way will have changed once they are committed, by their numbers. */
    private final Map<Long, List<Told>> underWay = new ConcurrentHashMap<>();

    private final Counter applied;
    private final Counter unreadable;

    AlertState(RuleBook rules, AlertTelling telling, MeterRegistry meters) {
        this.rules = rules;
        this.telling = telling;
        this.meters = new AlertMeters(meters);
        this.applied = records(meters, "applied");
        this.unreadable = records(meters, "unreadable");
    }

    private static Counter records(MeterRegistry meters, String outcome) {
        return Counter.builder("straightedge.alerts.records")
                .tag("outcome", outcome)
                .description("Deviations, estimates and commands read by the alert lane")
                .register(meters);
    }

    @Override
    public void assign(int partition) {
        lanes.put(partition, new AlertLane(partition, rules));
    }

    @Override
    public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
        try {
            AlertCommand command = lane(partition).restore(record);
            if (command != null) {
                telling.told(partition, command);
            }
        } catch (MessageException | IllegalArgumentException e) {
            passedOver(record, e);
        }
    }

    @Override
    public void restored(int partition) {
        AlertLane lane = lane(partition);
        lane.restored();
        for (AlertBook book : lane.books()) {
            book.alerts().forEach(alert -> telling.restored(partition, alert));
        }
        telling.live(partition);
        tally();
    }

    @Override
    public void drop(int partition) {
        lanes.remove(partition);
        underWay.clear();
        telling.dropped(partition);
        tally();
    }

    /** Works on a batch. */
    Batch.Outputs apply(Batch batch) {
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        List<Told> told = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            try {
                AlertLane.Step step = lane(record.partition()).apply(record);
                outputs.addAll(step.records());
                told.add(new Told(record.partition(), step));
            } catch (MessageException | IllegalArgumentException e) {
                passedOver(record, e);
            }
        }
        underWay.put(batch.number(), told);
        tally();
        return batch.with(outputs);
    }

    /** Tells of what was committed: a batch taken back is worked on again. */
    void committed(Batch.Outputs outputs) {
        applied.increment(outputs.batch().records().size());
        List<Told> told = underWay.remove(outputs.batch().number());
        // Only what an alert is after the whole batch: what a fleet's alert speaks for since is told to nobody.
        Map<String, Runnable> latest = new LinkedHashMap<>();
        for (Told each : told == null ? List.<Told>of() : told) {
            if (each.step.command() != null) {
                telling.told(each.partition, each.step.command());
            }
            for (Alert alert : each.step.alerts()) {
                meters.changed(alert);
                latest.put(
                        alert.id(),
                        each.step.forgotten()
                                ? () -> telling.forgotten(each.partition, alert)
                                : () -> telling.changed(each.partition, alert));
            }
        }
        latest.values().forEach(Runnable::run);
    }

    private void tally() {
        meters.tally(
                lanes.values().stream().flatMap(lane -> lane.books().stream()).toList());
    }

    private AlertLane lane(int partition) {
        AlertLane lane = lanes.get(partition);
        if (lane == null) {
            throw new IllegalStateException("a record of partition " + partition + ", which was never assigned");
        }
        return lane;
    }

    private void passedOver(ConsumerRecord<byte[], byte[]> record, Exception e) {
        unreadable.increment();
        LOG.warn("passed over {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
    }
}
