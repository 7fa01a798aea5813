package io.straightedge.protocol.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each input partition has been worked on, as of the last commit.
 *
 * <p>A changelog holds them too, one record per partition, in the same transaction as the state: key {@code 0x00
 * "position"}, value {@code {"topic": nextOffset, ...}} of all inputs of that partition number. It is written last, so
 * that whoever has read it has read all state that it belongs to. Keys that begin with a zero byte are the bridge's
 * own.
 */
final class Positions {

    private static final byte[] KEY = "\0position".getBytes(StandardCharsets.UTF_8);

    private final Map<TopicPartition, Long> next = new HashMap<>();

    /** Whether a changelog record is the bridge's own and not the state's. */
    static boolean reserved(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key != null && key.length > 0 && key[0] == 0;
    }

    /** Takes up a reserved record; one of a kind not known is passed over. */
    void restore(ConsumerRecord<byte[], byte[]> record) {
        if (!Arrays.equals(KEY, record.key()) || record.value() == null) {
            return;
        }
        try {
            for (Map.Entry<String, JsonNode> topic : Json.tree(record.value()).properties()) {
                next.put(
                        new TopicPartition(topic.getKey(), record.partition()),
                        topic.getValue().longValue());
            }
        } catch (MessageException e) {
            throw new IllegalStateException(
                    "the position record at offset " + record.offset() + " of " + record.topic() + "-"
                            + record.partition() + " is damaged",
                    e);
        }
    }

    /** The next offset to work on, or -1 where nothing is known. */
    long of(TopicPartition partition) {
        return next.getOrDefault(partition, -1L);
    }

    void put(TopicPartition partition, long offset) {
        next.put(partition, offset);
    }

    /** Forgets everything of a partition number. */
    void forget(int partition) {
        next.keySet().removeIf(known -> known.partition() == partition);
    }

    /** The record that says where a partition number will be once {@code advanced} is committed too. */
    ProducerRecord<byte[], byte[]> record(String changelog, int partition, Map<TopicPartition, Long> advanced) {
        Map<String, Long> topics = new TreeMap<>();
        Stream.of(next, advanced)
                .flatMap(positions -> positions.entrySet().stream())
                .filter(position -> position.getKey().partition() == partition)
                .forEach(position -> topics.put(position.getKey().topic(), position.getValue()));
        return new ProducerRecord<>(changelog, partition, KEY, Json.write(topics));
    }
}
