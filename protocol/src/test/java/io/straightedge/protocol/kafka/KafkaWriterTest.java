package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

@Timeout(20)
final class KafkaWriterTest {

    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final CountDownLatch sent = new CountDownLatch(2);
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized Future<RecordMetadata> send(
                        ProducerRecord<byte[], byte[]> record, Callback callback) {
                    Future<RecordMetadata> future = super.send(record, callback);
                    sent.countDown();
                    return future;
                }
            };

    private static ProducerRecord<byte[], byte[]> record(int bytes) {
        return new ProducerRecord<>("topic", 0, null, new byte[bytes]);
    }

    @Test
    void write_completesWhenTheLastIsAcknowledged() throws Exception {
        try (KafkaWriter writer = new KafkaWriter(producer, "test", 1_000, KafkaWriter.SHORT)) {
            CompletableFuture<Void> written =
                    writer.write(List.of(record(1), record(2))).toFuture();
            sent.await();
            producer.completeNext();
            assertThat(written).isNotDone();
            producer.completeNext();
            assertThat(written).succeedsWithin(WITHIN);
            assertThat(producer.history()).hasSize(2);
        }
    }

    @Test
    void write_oneRefused_fails() throws Exception {
        try (KafkaWriter writer = new KafkaWriter(producer, "test", 1_000, KafkaWriter.SHORT)) {
            CompletableFuture<Void> written =
                    writer.write(List.of(record(1), record(2))).toFuture();
            sent.await();
            producer.errorNext(new KafkaException("refused"));
            producer.completeNext();
            assertThat(written).failsWithin(WITHIN).withThrowableThat().withMessageContaining("refused");
        }
    }

    @Test
    void write_tooMuchWaiting_isBusyUntilItIsAcknowledged() throws Exception {
        try (KafkaWriter writer = new KafkaWriter(producer, "test", 1_000, KafkaWriter.SHORT)) {
            CompletableFuture<Void> first =
                    writer.write(List.of(record(400), record(400))).toFuture();
            StepVerifier.create(writer.write(List.of(record(200))))
                    .expectErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(RecordWriter.BusyException.class)
                            .hasMessageContaining("928 bytes are waiting"))
                    .verify(WITHIN);
            sent.await();
            producer.completeNext();
            producer.completeNext();
            assertThat(first).succeedsWithin(WITHIN);
            CompletableFuture<Void> second = writer.write(List.of(record(200))).toFuture();
            while (!second.isDone()) {
                producer.completeNext();
                Thread.onSpinWait();
            }
            assertThat(second).succeedsWithin(WITHIN);
        }
    }

    @Test
    void write_nothing_completes() {
        try (KafkaWriter writer = new KafkaWriter(producer, "test", 1_000, KafkaWriter.SHORT)) {
            StepVerifier.create(writer.write(List.of())).expectComplete().verify(WITHIN);
        }
    }

    @Test
    void write_closed_fails() {
        KafkaWriter writer = new KafkaWriter(producer, "test", 1_000, KafkaWriter.SHORT);
        writer.close();
        assertThat(producer.closed()).isTrue();
        StepVerifier.create(writer.write(List.of(record(1))))
                .expectErrorMessage("the writer is closed")
                .verify(WITHIN);
    }
}
