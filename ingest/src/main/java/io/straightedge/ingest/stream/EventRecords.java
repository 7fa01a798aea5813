package io.straightedge.ingest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.TrainingEvent;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Training events as records of {@code training-events}. */
public final class EventRecords {

    private EventRecords() {}

    /**
     * The event in its study's partition, keyed by study.
     *
     * @throws IllegalArgumentException for a tick, which belongs to a partition and is the fitter's own
     */
    public static ProducerRecord<byte[], byte[]> of(TrainingEvent event, int partitions) {
        String study = event.study();
        if (study == null) {
            throw new IllegalArgumentException("ticks are written by the fitter alone");
        }
        return new ProducerRecord<>(
                Topics.TRAINING_EVENTS,
                Topics.partitionOf(study, partitions),
                study.getBytes(UTF_8),
                Json.write(event));
    }
}
