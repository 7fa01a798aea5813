package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

final class PartitionReadTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 3);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @Test
    void all_partition_isReadFromItsFirstToItsLastAndClosed() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 5L));
        consumer.updateEndOffsets(Map.of(PARTITION, 8L));
        consumer.schedulePollTask(() -> add(5, 6));
        consumer.schedulePollTask(() -> add(7, 8));
        StepVerifier.create(PartitionRead.all(() -> consumer, PARTITION).map(ConsumerRecord::offset))
                .expectNext(5L, 6L, 7L)
                .expectComplete()
                .verify(SOON);
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void all_emptyPartition_completes() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 5L));
        consumer.updateEndOffsets(Map.of(PARTITION, 5L));
        StepVerifier.create(PartitionRead.all(() -> consumer, PARTITION))
                .expectComplete()
                .verify(SOON);
        assertThat(consumer.closed()).isTrue();
    }

    private void add(long... offsets) {
        for (long offset : offsets) {
            consumer.addRecord(
                    new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, null, new byte[0]));
        }
    }
}
