package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional producer of one bridge, and its replacement when it is lost.
 *
 * <p>Called by the loop's thread only; every call blocks up to {@link Clients#MAX_BLOCK_MS}.
 */
final class Transactions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String transactionalId;
    private @Nullable Producer<byte[], byte[]> producer;

    /** The batch did not take place; what is remembered of it must be forgotten. */
    static final class TakenBack extends Exception {
        private static final long serialVersionUID = 1;

        TakenBack(Throwable cause) {
            super(cause);
        }
    }

    /** Another producer has taken the id. */
    static final class Fenced extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Fenced(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Makes producers with that id, by and by. */
    Transactions(Supplier<Producer<byte[], byte[]>> producers, String transactionalId) {
        this.producers = producers;
        this.transactionalId = transactionalId;
    }

    /**
     * Makes and initialises a producer where there is none. Afterwards no transaction of an earlier producer with this
     * id is open, and none of it can commit any more.
     */
    void ready() {
        if (producer != null) {
            return;
        }
        Producer<byte[], byte[]> fresh = producers.get();
        try {
            fresh.initTransactions();
        } catch (RuntimeException e) {
            fresh.close(Duration.ZERO);
            throw e;
        }
        producer = fresh;
    }

    /**
     * Writes records and offsets in one transaction.
     *
     * @throws TakenBack when the transaction was aborted, or its outcome is unknown and the producer was given up
     */
    void commit(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata member)
            throws TakenBack {
        commit(records, producer -> producer.sendOffsetsToTransaction(offsets, member));
    }

    /**
     * Writes records in one transaction.
     *
     * @throws TakenBack as above
     */
    void commit(List<ProducerRecord<byte[], byte[]>> records) throws TakenBack {
        commit(records, producer -> {});
    }

    private void commit(List<ProducerRecord<byte[], byte[]>> records, Consumer<Producer<byte[], byte[]>> more)
            throws TakenBack {
        ready();
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            throw new IllegalStateException("no producer");
        }
        long begunNanos = System.nanoTime();
        try {
            current.beginTransaction();
            // A failed send fails the commit, which tells the cause.
            for (ProducerRecord<byte[], byte[]> record : records) {
                var unused = current.send(record);
            }
            more.accept(current);
            current.commitTransaction();
        } catch (KafkaException e) {
            takeBack(current, e, (System.nanoTime() - begunNanos) / 1_000_000);
            throw new TakenBack(e);
        }
    }

    private void takeBack(Producer<byte[], byte[]> current, KafkaException e, long elapsedMs) {
        switch (Failure.of(e)) {
            case HOPELESS -> {
                discard(current);
                throw e;
            }
            case FENCED -> {
                discard(current);
                // The coordinator also fences a producer whose transaction it gave up, but not before the time-out.
                if (elapsedMs < Clients.TRANSACTION_TIMEOUT_MS) {
                    throw new Fenced(
                            "another process runs as " + transactionalId
                                    + ": give each process of the group its own instance name",
                            e);
                }
            }
            case PRODUCER_LOST -> discard(current);
            case ABORTABLE -> {
                try {
                    current.abortTransaction();
                } catch (RuntimeException refused) {
                    LOG.debug("transaction cannot be aborted, a new producer will do it", refused);
                    discard(current);
                }
            }
        }
    }

    private void discard(Producer<byte[], byte[]> current) {
        producer = null;
        current.close(Duration.ZERO);
    }

    @Override
    public void close() {
        if (producer != null) {
            discard(producer);
        }
    }
}
