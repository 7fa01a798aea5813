package io.straightedge.deploy.demo;

import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import reactor.core.publisher.Mono;

/**
 * How many of the demonstration's events are in the log already, by study: so that a demonstration started again on
 * its data goes on where it was.
 */
final class Stored {

    private Stored() {}

    /** Records by key, garbage and forwarded copies left out. */
    static Mono<Map<String, Long>> byStudy(KafkaSettings kafka) {
        return Tail.follow(kafka, List.of(Topics.TRAINING_EVENTS))
                .takeUntil(Tail.Chunk::caughtUp)
                .collect(TreeMap::new, (counts, chunk) -> chunk.records().forEach(record -> count(counts, record)));
    }

    private static void count(Map<String, Long> counts, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null && record.value() != null) {
            counts.merge(new String(record.key(), StandardCharsets.UTF_8), 1L, Long::sum);
        }
    }
}
