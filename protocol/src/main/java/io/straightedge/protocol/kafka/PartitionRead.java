package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/** Reads what one partition holds at the moment, once, outside any group. */
public final class PartitionRead {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private long end = -1;

    private PartitionRead(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        this.consumer = consumer;
        this.partition = partition;
    }

    /**
     * Its committed records from the first that is kept to the last there was when the reading began; fails when Kafka
     * does not answer. Blocks a thread of the elastic pool, which alone uses the client.
     */
    public static Flux<ConsumerRecord<byte[], byte[]>> all(KafkaSettings kafka, String topic, int partition) {
        return all(() -> Clients.reader(kafka, "read"), new TopicPartition(topic, partition));
    }

    static Flux<ConsumerRecord<byte[], byte[]>> all(
            Supplier<Consumer<byte[], byte[]>> clients, TopicPartition partition) {
        return Flux.<List<ConsumerRecord<byte[], byte[]>>, PartitionRead>generate(
                        () -> new PartitionRead(clients.get(), partition),
                        PartitionRead::next,
                        read -> read.consumer.close())
                .concatMapIterable(records -> records)
                .subscribeOn(Schedulers.boundedElastic());
    }

    private PartitionRead next(SynchronousSink<List<ConsumerRecord<byte[], byte[]>>> sink) {
        if (end < 0) {
            begin();
        }
        if (consumer.position(partition, ANSWER_WITHIN) >= end) {
            sink.complete();
            return this;
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(POLL).forEach(record -> {
            if (record.offset() < end) {
                records.add(record);
            }
        });
        sink.next(records);
        return this;
    }

    private void begin() {
        consumer.assign(List.of(partition));
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(List.of(partition), ANSWER_WITHIN);
        consumer.seek(partition, begins.getOrDefault(partition, 0L));
        end = consumer.endOffsets(List.of(partition), ANSWER_WITHIN).getOrDefault(partition, 0L);
    }
}
