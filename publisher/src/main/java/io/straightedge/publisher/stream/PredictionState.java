package io.straightedge.publisher.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.PartitionState;
import io.straightedge.protocol.kafka.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of the partitions held. A record that is not what its topic promises is logged, counted and passed over:
 * both topics are written by our own fitter, so there is nobody to send it back to.
 */
final class PredictionState implements PartitionState {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionState.class);

    private final Map<Integer, PredictionLane> lanes = new HashMap<>();
    private final Counter applied;
    private final Counter unreadable;
    private final Counter predictions;
    private final Counter recommendations;

    PredictionState(MeterRegistry meters) {
        this.applied = Counter.builder("straightedge.publisher.records")
                .tag("outcome", "applied")
                .description("Estimates read by the prediction lane")
                .register(meters);
        this.unreadable = Counter.builder("straightedge.publisher.records")
                .tag("outcome", "unreadable")
                .description("Estimates read by the prediction lane")
                .register(meters);
        this.predictions = said(meters, Topics.PREDICTIONS);
        this.recommendations = said(meters, Topics.RECOMMENDATIONS);
    }

    private static Counter said(MeterRegistry meters, String topic) {
        return Counter.builder("straightedge.publisher.said")
                .tag("topic", topic)
                .description("Records written by the prediction lane, withdrawals included")
                .register(meters);
    }

    @Override
    public void assign(int partition) {
        lanes.put(partition, new PredictionLane(partition));
    }

    @Override
    public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
        fold(partition, record);
    }

    @Override
    public void drop(int partition) {
        lanes.remove(partition);
    }

    /** Works on a batch. */
    Batch.Outputs apply(Batch batch) {
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            outputs.addAll(fold(record.partition(), record));
        }
        return batch.with(outputs);
    }

    /** Counts what was committed: a batch taken back is worked on again. */
    void committed(Batch.Outputs outputs) {
        applied.increment(outputs.batch().records().size());
        for (ProducerRecord<byte[], byte[]> record : outputs.outputs()) {
            (Topics.PREDICTIONS.equals(record.topic()) ? predictions : recommendations).increment();
        }
    }

    private List<ProducerRecord<byte[], byte[]>> fold(int partition, ConsumerRecord<byte[], byte[]> record) {
        PredictionLane lane = lanes.get(partition);
        if (lane == null) {
            throw new IllegalStateException("a record of partition " + partition + ", which was never assigned");
        }
        try {
            return lane.apply(record);
        } catch (MessageException | IllegalArgumentException e) {
            unreadable.increment();
            LOG.warn("passed over {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            return List.of();
        }
    }
}
