package io.straightedge.deploy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** All committed records of topics, as read by a plain client that is none of ours. */
final class TopicContents {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicContents() {}

    /** Every record, in order within each partition. */
    static List<ConsumerRecord<byte[], byte[]>> all(String bootstrapServers, String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "max.partition.fetch.bytes",
                16 << 20,
                "fetch.max.bytes",
                64 << 20);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    /** Key, headers and value of every record by partition, as text that can be compared. */
    static Map<Integer, List<String>> byPartition(
            String bootstrapServers, String topic, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        Map<Integer, List<String>> lines = new TreeMap<>();
        all(bootstrapServers, topic).stream()
                .filter(wanted)
                .forEach(record -> lines.computeIfAbsent(record.partition(), absent -> new ArrayList<>())
                        .add(line(record)));
        return lines;
    }

    /** The latest record of every key, as text. */
    static Map<String, String> latest(String bootstrapServers, String topic) {
        Map<String, String> latest = new TreeMap<>();
        all(bootstrapServers, topic).forEach(record -> latest.put(text(record.key()), line(record)));
        return latest;
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        return text(record.key()) + " " + headers + " " + text(record.value());
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
