package io.straightedge.protocol.kafka;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The records of one poll, in order within each partition. At most one batch is outside the bridge at any time.
 *
 * @param number counts the batches of this bridge
 */
public record Batch(long number, List<ConsumerRecord<byte[], byte[]>> records) {

    /**
     * What is to be written in the same transaction as the offsets of this batch.
     *
     * @param outputs records in order; every one names its partition
     */
    public record Outputs(Batch batch, List<ProducerRecord<byte[], byte[]>> outputs) {}

    /** This batch, worked on. */
    public Outputs with(List<ProducerRecord<byte[], byte[]>> outputs) {
        return new Outputs(this, outputs);
    }
}
