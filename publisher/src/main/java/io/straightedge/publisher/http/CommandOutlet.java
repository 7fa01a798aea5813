package io.straightedge.publisher.http;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.AlertCommand;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import reactor.core.publisher.Mono;

/**
 * Where what people say of alerts goes: {@code alert-commands}, in the study's partition.
 *
 * @param partitions of every topic
 * @param clock what a command's time is, and whether a silence's end is in the future
 */
public record CommandOutlet(RecordWriter writer, int partitions, Clock clock) {

    /** Completes when the command is stored. */
    Mono<Void> write(AlertCommand command) {
        return writer.write(List.of(new ProducerRecord<>(
                Topics.ALERT_COMMANDS,
                Topics.partitionOf(command.study(), partitions),
                command.key().getBytes(StandardCharsets.UTF_8),
                Json.write(command))));
    }
}
