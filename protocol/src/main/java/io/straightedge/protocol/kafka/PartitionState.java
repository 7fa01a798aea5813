package io.straightedge.protocol.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a stage remembers of its partitions, rebuilt from Kafka whenever a partition arrives.
 *
 * <p>Never called while a batch is being worked on, so an implementation needs no locks.
 */
public interface PartitionState {

    /** A partition arrives, empty; {@link #restore} calls follow before its first batch. */
    void assign(int partition);

    /** One record of a restore topic, in the order of the topic. Null values are tombstones. */
    void restore(int partition, ConsumerRecord<byte[], byte[]> record);

    /** All restore records of the partition have been given; its first batch may follow. */
    default void restored(int partition) {}

    /**
     * The partition has gone, or what is remembered of it may be wrong after an aborted batch: forget it without
     * writing anything.
     */
    void drop(int partition);
}
