package io.straightedge.ingest.mlflow;

import io.straightedge.protocol.kafka.RecordWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.publisher.Mono;

/**
 * Writes whose outcome gets known even when the client that asked has gone: a request that is sent again must not be
 * written again.
 */
final class Outbox {

    private final RecordWriter writer;
    private final TrackingRecords records;
    private final Duration deadline;

    /** @param deadline longest that a client waits for Kafka */
    Outbox(RecordWriter writer, TrackingRecords records, Duration deadline) {
        this.writer = writer;
        this.records = records;
        this.deadline = deadline;
    }

    /** What is written, as records. */
    TrackingRecords records() {
        return records;
    }

    /** Begins to write; never blocks. */
    CompletableFuture<Void> write(List<ProducerRecord<byte[], byte[]>> records) {
        return writer.write(records).toFuture();
    }

    /** The outcome as one client waits for it; that it stops waiting changes nothing. */
    Mono<Void> awaited(CompletableFuture<Void> outcome) {
        return Mono.fromFuture(outcome, true)
                .timeout(deadline)
                .onErrorMap(CompletionException.class, e -> e.getCause() == null ? e : e.getCause());
    }
}
