package io.straightedge.publisher.notify;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.AlertCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What sinks have been told and Kafka does not know yet; the latest for each sink and alert. Safe on any thread.
 */
final class ToldRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ToldRecords.class);

    /** Kafka being away must not keep sinks from being spoken to. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Null where the record is to be taken back. */
    private record Told(int partition, @Nullable AlertCommand command) {}

    private final RecordWriter writer;
    private final Map<String, Told> waiting = new LinkedHashMap<>();
    private boolean failing;

    ToldRecords(RecordWriter writer) {
        this.writer = writer;
    }

    synchronized void add(int partition, AlertCommand command) {
        waiting.put(command.key(), new Told(partition, command));
    }

    /** Takes a record back: nobody will be told of its alert again. */
    synchronized void withdraw(int partition, String key) {
        waiting.put(key, new Told(partition, null));
    }

    /** Gives those of a partition that Kafka does not know. */
    synchronized void of(int partition, Consumer<AlertCommand> to) {
        waiting.values().stream()
                .filter(told -> told.partition() == partition)
                .map(Told::command)
                .filter(Objects::nonNull)
                .forEach(to);
    }

    /** Writes all; what cannot be written waits for the next time. Never fails. */
    Mono<Void> write() {
        return Mono.defer(() -> {
            Map<String, Told> batch = snapshot();
            return batch.isEmpty()
                    ? Mono.empty()
                    : writer.write(records(batch))
                            .timeout(PATIENCE)
                            .doOnSuccess(stored -> stored(batch))
                            .onErrorResume(Exception.class, this::failed);
        });
    }

    private synchronized Map<String, Told> snapshot() {
        return Map.copyOf(waiting);
    }

    private synchronized void stored(Map<String, Told> batch) {
        failing = false;
        batch.forEach(waiting::remove);
    }

    private synchronized Mono<Void> failed(Throwable failure) {
        if (!failing) {
            LOG.warn("Kafka does not take what sinks were told ({}); trying on", failure.toString());
        }
        failing = true;
        return Mono.empty();
    }

    private static List<ProducerRecord<byte[], byte[]>> records(Map<String, Told> batch) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        batch.forEach((key, told) -> records.add(new ProducerRecord<>(
                Topics.ALERT_COMMANDS,
                told.partition(),
                key.getBytes(StandardCharsets.UTF_8),
                told.command() == null ? null : Json.write(told.command()))));
        return records;
    }
}
