package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Reads all partitions of some topics from their beginning and follows them, outside any group. */
public final class Tail {

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long WAIT_MS = 100;

    /**
     * The records of one poll, in order within each partition.
     *
     * @param caughtUp whether all that was committed when the reading began has been given, this chunk included
     */
    public record Chunk(List<ConsumerRecord<byte[], byte[]>> records, boolean caughtUp) {
        public Chunk {
            records = List.copyOf(records);
        }
    }

    private final Supplier<Consumer<byte[], byte[]>> clients;
    private final List<String> topics;
    private final FluxSink<Chunk> sink;
    private final Semaphore signals = new Semaphore(0);
    private final Backoff backoff = new Backoff();

    /** Where each partition ended when the reading began; those passed are removed. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private boolean toldCaughtUp;
    private volatile boolean stopped;

    private Tail(Supplier<Consumer<byte[], byte[]>> clients, List<String> topics, FluxSink<Chunk> sink) {
        this.clients = clients;
        this.topics = topics;
        this.sink = sink;
    }

    /**
     * Committed records only, as fast as they are asked for. The first chunk with {@code caughtUp} comes even when the
     * topics are empty. A broker that is away makes it wait; errors are bugs or settings that only a person can mend.
     */
    public static Flux<Chunk> follow(KafkaSettings kafka, List<String> topics) {
        return follow(() -> Clients.reader(kafka, "tail"), topics);
    }

    static Flux<Chunk> follow(Supplier<Consumer<byte[], byte[]>> clients, List<String> topics) {
        return Flux.create(sink -> new Tail(clients, List.copyOf(topics), sink).start());
    }

    private void start() {
        sink.onRequest(count -> signals.release());
        sink.onDispose(() -> {
            stopped = true;
            signals.release();
        });
        new Thread(this::run, "tail").start();
    }

    private void run() {
        try (Consumer<byte[], byte[]> consumer = clients.get()) {
            boolean assigned = false;
            while (!stopped) {
                if (sink.requestedFromDownstream() == 0 || backoff.waiting(System.nanoTime())) {
                    await();
                    continue;
                }
                try {
                    assigned = assigned || assign(consumer);
                    if (assigned) {
                        poll(consumer);
                    }
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    if (Failure.of(e) == Failure.HOPELESS) {
                        throw e;
                    }
                    retryLater(e);
                }
            }
            sink.complete();
        } catch (InterruptException e) {
            sink.complete();
        } catch (RuntimeException e) {
            sink.error(e);
        }
    }

    private void retryLater(KafkaException cause) {
        Duration wait = backoff.failed(System.nanoTime());
        LOG.warn("Kafka does not answer, next try in {} ms: {}", wait.toMillis(), cause.toString());
    }

    private void await() {
        try {
            if (signals.tryAcquire(WAIT_MS, TimeUnit.MILLISECONDS)) {
                signals.drainPermits();
            }
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private boolean assign(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            List<PartitionInfo> found = consumer.partitionsFor(topic, ANSWER_WITHIN);
            if (found == null || found.isEmpty()) {
                throw new TimeoutException("topic " + topic + " is not there yet");
            }
            found.forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions, ANSWER_WITHIN);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions, ANSWER_WITHIN);
        consumer.assign(partitions);
        begin.forEach(consumer::seek);
        end.forEach((partition, offset) -> {
            if (offset > begin.getOrDefault(partition, 0L)) {
                ends.put(partition, offset);
            }
        });
        backoff.succeeded();
        return true;
    }

    private void poll(Consumer<byte[], byte[]> consumer) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        if (!ends.isEmpty() || toldCaughtUp) {
            consumer.poll(POLL).forEach(records::add);
            // Positions, not records, tell the end: the last offsets may be markers or have been compacted away.
            ends.entrySet().removeIf(end -> consumer.position(end.getKey(), ANSWER_WITHIN) >= end.getValue());
        }
        boolean caughtUp = ends.isEmpty();
        if (!records.isEmpty() || (caughtUp && !toldCaughtUp)) {
            toldCaughtUp = caughtUp;
            sink.next(new Chunk(records, caughtUp));
        }
    }
}
