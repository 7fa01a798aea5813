package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Writes through one idempotent producer.
 *
 * <p>A thread of its own calls {@code send}, which blocks without metadata or memory; callers never block. Thread-safe;
 * what one thread writes stays in order.
 */
public final class KafkaWriter implements RecordWriter, AutoCloseable {

    /** Bytes that may wait for Kafka unless told otherwise. */
    public static final long DEFAULT_WAITING_BYTES = 32 << 20;

    /** Patience for callers who can send again, such as HTTP clients. */
    public static final Duration SHORT = Duration.ofSeconds(5);

    /** Patience for callers who cannot know what was stored, such as a replay: outlasts a broker's restart. */
    public static final Duration LONG = Duration.ofMinutes(5);

    private static final Duration REQUEST_WITHIN = Duration.ofSeconds(5);

    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(15);

    private final Producer<byte[], byte[]> producer;
    private final ExecutorService sender;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final long limitBytes;
    private final Duration patience;

    /**
     * A writer with the default limit.
     *
     * @param patience longest that a write may wait for its turn, and again for metadata; delivery may then take as
     *     long once more, and at least two requests
     */
    public KafkaWriter(KafkaSettings kafka, String clientId, Duration patience) {
        this(
                new KafkaProducer<>(
                        settings(kafka, clientId, patience), new ByteArraySerializer(), new ByteArraySerializer()),
                clientId,
                DEFAULT_WAITING_BYTES,
                patience);
    }

    KafkaWriter(Producer<byte[], byte[]> producer, String clientId, long limitBytes, Duration patience) {
        this.producer = producer;
        this.limitBytes = limitBytes;
        this.patience = patience;
        this.sender = Executors.newSingleThreadExecutor(task -> new Thread(task, clientId + "-send"));
    }

    private static Map<String, Object> settings(KafkaSettings kafka, String clientId, Duration patience) {
        return kafka.producer(
                Map.of(
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Clients.MAX_REQUEST_BYTES,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        2 * DEFAULT_WAITING_BYTES,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        patience.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) REQUEST_WITHIN.toMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) patience.plus(REQUEST_WITHIN).plus(REQUEST_WITHIN).toMillis()),
                Map.of(
                        ProducerConfig.CLIENT_ID_CONFIG,
                        clientId,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true));
    }

    @Override
    public Mono<Void> write(List<ProducerRecord<byte[], byte[]>> records) {
        List<ProducerRecord<byte[], byte[]>> written = List.copyOf(records);
        return written.isEmpty() ? Mono.empty() : Mono.create(sink -> accept(written, sink));
    }

    private void accept(List<ProducerRecord<byte[], byte[]>> records, MonoSink<Void> sink) {
        long bytes = records.stream().mapToLong(KafkaWriter::bytes).sum();
        // A write that alone is over the limit is let through when nothing else waits.
        long before = waitingBytes.getAndAdd(bytes);
        if (before > 0 && before + bytes > limitBytes) {
            waitingBytes.addAndGet(-bytes);
            sink.error(new BusyException(before + " bytes are waiting for Kafka: try again later"));
            return;
        }
        Pending pending = new Pending(records.size(), bytes, sink);
        long asked = System.nanoTime();
        try {
            sender.execute(() -> send(records, pending, asked));
        } catch (RejectedExecutionException e) {
            pending.failed(new IllegalStateException("the writer is closed", e));
        }
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records, Pending pending, long askedNanos) {
        if (System.nanoTime() - askedNanos > patience.toNanos()) {
            pending.failed(new TimeoutException(
                    "Kafka has not taken what was written before for " + patience.toSeconds() + " s"));
            return;
        }
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                var unused = producer.send(record, (metadata, e) -> pending.acknowledged(e));
            }
        } catch (RuntimeException e) {
            pending.failed(e);
        }
    }

    private static long bytes(ProducerRecord<byte[], byte[]> record) {
        return (record.key() == null ? 0 : record.key().length)
                + (record.value() == null ? 0 : record.value().length)
                + 64L;
    }

    /** One write whose acknowledgements are counted down. */
    private final class Pending {
        private final AtomicInteger open;
        private final long bytes;
        private final MonoSink<Void> sink;
        private boolean released;

        Pending(int records, long bytes, MonoSink<Void> sink) {
            this.open = new AtomicInteger(records);
            this.bytes = bytes;
            this.sink = sink;
        }

        void acknowledged(@Nullable Exception e) {
            if (e != null) {
                failed(e);
            } else if (open.decrementAndGet() == 0 && release()) {
                sink.success();
            }
        }

        /** The first failure ends the write; what else of it reaches Kafka stays there. */
        void failed(Exception e) {
            if (release()) {
                sink.error(e);
            }
        }

        private synchronized boolean release() {
            boolean first = !released;
            if (first) {
                released = true;
                waitingBytes.addAndGet(-bytes);
            }
            return first;
        }
    }

    /** Waits for what is under way, then closes the producer. */
    @Override
    public void close() {
        sender.shutdown();
        try {
            if (!sender.awaitTermination(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                sender.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sender.shutdownNow();
        }
        producer.close(CLOSED_WITHIN);
    }
}
