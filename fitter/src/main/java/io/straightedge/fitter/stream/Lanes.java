package io.straightedge.fitter.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.fitter.state.Applied;
import io.straightedge.fitter.state.Emission;
import io.straightedge.fitter.state.PartitionStudies;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.PartitionState;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.Tick;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Folds batches of training events into the studies of the assigned partitions.
 *
 * <p>A bad event becomes a dead letter, a misplaced one is forwarded, both in the transaction that moves the offset;
 * nothing stops a lane. The outputs of an event depend on it and on those before it alone, never on how they came in
 * batches. The bridge never calls it twice at a time;
 */
final class Lanes implements PartitionState {

    /** Larger records are no events. */
    static final int MAX_EVENT_BYTES = 1 << 20;

    private final int partitions;
    private final LaneMetrics metrics;
    private final TreeMap<Integer, PartitionStudies> lanes = new TreeMap<>();

    Lanes(int partitions, LaneMetrics metrics) {
        this.partitions = partitions;
        this.metrics = metrics;
    }

    @Override
    public void assign(int partition) {
        lanes.put(partition, new PartitionStudies());
    }

    @Override
    public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
        lane(partition).restore(new String(record.key(), StandardCharsets.UTF_8), record.value());
    }

    @Override
    public void restored(int partition) {
        lane(partition).restored();
        metrics.accounts(partition, lane(partition).accounts());
    }

    @Override
    public void drop(int partition) {
        lanes.remove(partition);
        metrics.accounts(partition, null);
    }

    /** Works on a batch: what is to be written in its transaction, in order. */
    Batch.Outputs fold(Batch batch) {
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        TreeSet<Integer> touched = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            touched.add(record.partition());
            fold(record, outputs);
        }
        List<Emission> changes = new ArrayList<>();
        for (int partition : touched) {
            lane(partition).save(changes);
            move(changes, partition, outputs);
        }
        return batch.with(outputs);
    }

    /** The batch has been committed: its accounts may be shown. */
    void committed(Batch.Outputs done) {
        done.batch().records().stream()
                .map(ConsumerRecord::partition)
                .distinct()
                .filter(lanes::containsKey)
                .forEach(
                        partition -> metrics.accounts(partition, lane(partition).accounts()));
        done.outputs().stream()
                .filter(output -> output.topic().equals(Topics.DEAD_LETTERS))
                .forEach(letter -> metrics.deadLetter(DeadLetter.reason(letter)));
    }

    private void fold(ConsumerRecord<byte[], byte[]> record, List<ProducerRecord<byte[], byte[]>> outputs) {
        byte[] value = record.value();
        if (value == null || value.length == 0) {
            refuse(record, new byte[0], -1, DeadLetter.Reason.EMPTY, "the record holds no bytes", outputs);
            return;
        }
        if (value.length > MAX_EVENT_BYTES) {
            String message = "the record has " + value.length + " bytes: at most " + MAX_EVENT_BYTES + " are allowed";
            refuse(record, value, -1, DeadLetter.Reason.TOO_LARGE, message, outputs);
            return;
        }
        List<JsonNode> nodes;
        try {
            nodes = Json.split(value);
        } catch (MessageException e) {
            refuse(record, value, -1, DeadLetter.Reason.MALFORMED, e.getMessage(), outputs);
            return;
        }
        for (int index = 0; index < nodes.size(); index++) {
            fold(record, nodes.get(index), nodes.size() == 1 ? -1 : index, outputs);
        }
    }

    private void fold(
            ConsumerRecord<byte[], byte[]> record,
            JsonNode node,
            int index,
            List<ProducerRecord<byte[], byte[]>> outputs) {
        PartitionStudies lane = lane(record.partition());
        TrainingEvent event;
        try {
            event = Json.event(node);
        } catch (MessageException e) {
            byte[] bytes = index < 0 ? record.value() : Json.bytes(node);
            refuse(record, bytes, index, DeadLetter.Reason.INVALID, e.getMessage(), outputs);
            return;
        }
        if (event instanceof StudyCommand command && command.action() == StudyCommand.Action.MOVE) {
            String message = "moving a run is not carried out yet: exclude it here and send it to the other study";
            refuse(record, Json.bytes(node), index, DeadLetter.Reason.UNSUPPORTED, message, outputs);
            return;
        }
        List<Emission> emissions = new ArrayList<>();
        String study = event.study();
        if (event instanceof Tick tick) {
            lane.tick(tick.time().toEpochMilli(), emissions);
            lane.count(Applied.APPLIED);
        } else if (study != null && Topics.partitionOf(study, partitions) != record.partition()) {
            outputs.add(forwarded(record, study, node));
            lane.count(Applied.FORWARDED);
        } else {
            lane.count(lane.apply(event, record.timestamp(), emissions));
        }
        move(emissions, record.partition(), outputs);
    }

    private ProducerRecord<byte[], byte[]> forwarded(
            ConsumerRecord<byte[], byte[]> record, String study, JsonNode node) {
        ProducerRecord<byte[], byte[]> forwarded = new ProducerRecord<>(
                Topics.TRAINING_EVENTS,
                Topics.partitionOf(study, partitions),
                record.timestamp() < 0 ? null : Long.valueOf(record.timestamp()),
                study.getBytes(StandardCharsets.UTF_8),
                Json.bytes(node));
        String from = record.topic() + "-" + record.partition() + "@" + record.offset();
        forwarded.headers().add("straightedge.forwarded-from", from.getBytes(StandardCharsets.UTF_8));
        return forwarded;
    }

    private void refuse(
            ConsumerRecord<byte[], byte[]> record,
            byte[] bytes,
            int index,
            DeadLetter.Reason reason,
            @Nullable String message,
            List<ProducerRecord<byte[], byte[]>> outputs) {
        outputs.add(DeadLetter.of(record, bytes, index, reason, message == null ? reason.label() : message));
        lane(record.partition()).count(Applied.DEAD_LETTER);
    }

    private static void move(List<Emission> from, int partition, List<ProducerRecord<byte[], byte[]>> to) {
        for (Emission emission : from) {
            to.add(CloudEvents.record(emission, partition));
        }
        from.clear();
    }

    private PartitionStudies lane(int partition) {
        PartitionStudies lane = lanes.get(partition);
        if (lane == null) {
            throw new IllegalStateException("partition " + partition + " is not assigned");
        }
        return lane;
    }
}
