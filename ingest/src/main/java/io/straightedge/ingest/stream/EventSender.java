package io.straightedge.ingest.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.RecordWriter.BusyException;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes batches of events to Kafka in order.
 *
 * <p>One batch is with the writer at a time: a batch that the writer is too busy for is offered again, and any batch
 * already handed over behind it would then have overtaken it. The writer pipelines the records within a batch.
 */
public final class EventSender {

    private static final Duration FIRST_WAIT = Duration.ofMillis(20);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final RecordWriter writer;
    private final int partitions;
    private final Counter sent;

    public EventSender(RecordWriter writer, int partitions, MeterRegistry meters) {
        this.writer = writer;
        this.partitions = partitions;
        this.sent = Counter.builder("straightedge.ingest.sent")
                .description("Events written to Kafka by replay and simulation")
                .register(meters);
    }

    /** Writes the batches; emits how many events are stored so far, after each batch. Fails when Kafka refuses one. */
    public Flux<Long> send(Flux<List<TrainingEvent>> batches) {
        return batches.concatMap(this::store, 1).scan(0L, Long::sum).skip(1);
    }

    private Mono<Long> store(List<TrainingEvent> events) {
        List<ProducerRecord<byte[], byte[]>> records =
                events.stream().map(event -> EventRecords.of(event, partitions)).toList();
        return Mono.defer(() -> writer.write(records))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_WAIT)
                        .maxBackoff(LONGEST_WAIT)
                        .filter(BusyException.class::isInstance))
                .then(Mono.fromSupplier(() -> {
                    sent.increment(events.size());
                    return (long) events.size();
                }));
    }
}
