package io.straightedge.protocol.kafka;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Writes each batch of records in one transaction: all of it becomes visible, or none. Another writer with the same id
 * shuts this one out. Used by one thread; every call blocks.
 */
public final class TransactionalWriter implements AutoCloseable {

    private final Transactions transactions;

    /** A writer that has not asked Kafka for anything yet. */
    public TransactionalWriter(KafkaSettings kafka, String transactionalId) {
        this.transactions = new Transactions(() -> Clients.producer(kafka, transactionalId), transactionalId);
    }

    /**
     * It is not known whether the records were stored, or they were not: ask {@link #settle}, look what is there, and
     * write again what is not.
     */
    public static final class InDoubt extends Exception {
        private static final long serialVersionUID = 1;

        InDoubt(Throwable cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /**
     * Returns once no transaction of this id is open any more, an earlier process's included.
     *
     * @throws InDoubt when Kafka does not answer: try again
     */
    public void settle() throws InDoubt {
        try {
            transactions.ready();
        } catch (KafkaException e) {
            if (Failure.of(e) == Failure.HOPELESS) {
                throw e;
            }
            throw new InDoubt(e);
        }
    }

    /** Writes the records. Being shut out by another writer is a doubt too: only what it wrote tells who that was. */
    public void write(List<ProducerRecord<byte[], byte[]>> records) throws InDoubt {
        try {
            transactions.commit(records);
        } catch (Transactions.TakenBack | Transactions.Fenced e) {
            throw new InDoubt(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            if (Failure.of(e) == Failure.HOPELESS) {
                throw e;
            }
            throw new InDoubt(e);
        }
    }

    @Override
    public void close() {
        transactions.close();
    }
}
