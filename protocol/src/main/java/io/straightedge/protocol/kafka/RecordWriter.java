package io.straightedge.protocol.kafka;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.publisher.Mono;

/** Writes records outside any transaction. */
@FunctionalInterface
public interface RecordWriter {

    /**
     * Completes when Kafka has stored every record (acks=all), fails when it could not; never blocks the caller.
     *
     * <p>Fails at once with {@link BusyException} when too much is waiting already.
     */
    Mono<Void> write(List<ProducerRecord<byte[], byte[]>> records);

    /** Too many bytes are waiting for Kafka; try again later. */
    final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public BusyException(String message) {
            super(message);
        }
    }
}
