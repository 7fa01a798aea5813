package io.straightedge.deploy.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.ingest.stream.EventRecords;
import io.straightedge.ingest.watch.Outlet;
import io.straightedge.ingest.watch.Position;
import io.straightedge.ingest.watch.Stop;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.kafka.TransactionalWriter;
import io.straightedge.protocol.kafka.TransactionalWriter.InDoubt;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes events to {@code training-events} and positions to {@code tracking} in one transaction, so that a crash leaves
 * both or neither: nothing is lost or repeated.
 *
 * <p>A position's key is {@code watch/ID/FILE}. The watcher's id is also its transactional id, and under {@code watch/ID}
 * stands which process has it: of two watchers with one id the later shuts the earlier out. After a transaction that
 * failed, these tell whether it took place, and whether there is another watcher; being fenced alone does not, as the
 * coordinator also fences a producer whose transaction it gave up.
 */
public final class KafkaOutlet implements Outlet {

    private static final String PREFIX = "watch/";
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** An answer that takes longer is worth a word; a change of leaders is not. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final String id;
    private final String process = UUID.randomUUID().toString();
    private final int partitions;
    private final TransactionalWriter writer;
    private final Stop stop;
    private final Consumer<? super String> said;

    /** Says that Kafka is away while the caller waits for it. */
    private final ScheduledExecutorService patience = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "straightedge-watch-patience");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Asks Kafka for the installation's partitions.
     *
     * @param said takes what people should know of; also called by a thread of the outlet's own
     * @throws IllegalStateException when Kafka does not answer or there is no installation
     */
    public KafkaOutlet(KafkaSettings kafka, String id, Stop stop, Consumer<? super String> said) {
        this.kafka = kafka;
        this.id = id;
        this.partitions = TopicSetup.partitions(kafka);
        this.writer = new TransactionalWriter(kafka, "straightedge-watch-" + id);
        this.stop = stop;
        this.said = said;
    }

    @Override
    public Collection<Position> load() throws InterruptedException {
        untilItWorks(() -> {
            writer.settle();
            writer.write(List.of(record(PREFIX + id, Map.of("process", process))));
        });
        return stored().values();
    }

    /** What is stored, by key; the claim of another process is an error. */
    private Map<String, Position> stored() {
        Map<String, Position> positions = new HashMap<>();
        String[] owner = {""};
        String mine = PREFIX + id + "/";
        Tail.follow(kafka, List.of(Topics.TRACKING))
                .takeUntil(Tail.Chunk::caughtUp)
                .doOnNext(chunk -> chunk.records().forEach(record -> {
                    if (key(record).equals(PREFIX + id)) {
                        owner[0] = record.value() == null ? "" : new String(record.value(), UTF_8);
                    } else if (key(record).startsWith(mine)) {
                        take(record, positions);
                    }
                }))
                .blockLast();
        if (!owner[0].contains(process)) {
            throw new IllegalStateException(
                    "another watcher runs with the id " + id + ": stop it, or give this one another --id");
        }
        return positions;
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), UTF_8);
    }

    private ProducerRecord<byte[], byte[]> record(String key, Object value) {
        return new ProducerRecord<>(
                Topics.TRACKING, Topics.partitionOf(key, partitions), key.getBytes(UTF_8), Json.write(value));
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Map<String, Position> positions) {
        String key = key(record);
        if (record.value() == null) {
            positions.remove(key);
            return;
        }
        try {
            positions.put(key, Json.read(record.value(), Position.class));
        } catch (MessageException e) {
            said.accept(
                    "the position " + key + " cannot be read, its file is sent from the beginning: " + e.getMessage());
        }
    }

    @Override
    public void send(List<TrainingEvent> events, List<Position> positions) throws InterruptedException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        events.forEach(event -> records.add(EventRecords.of(event, partitions)));
        positions.forEach(position -> records.add(record(PREFIX + id + "/" + position.key(), position)));
        boolean[] inDoubt = {false};
        untilItWorks(() -> {
            if (inDoubt[0]) {
                writer.settle();
            }
            if (!inDoubt[0] || !stored().values().containsAll(positions)) {
                inDoubt[0] = true;
                writer.write(records);
            }
        });
    }

    private interface Attempt {
        void run() throws InDoubt, InterruptedException;
    }

    private void untilItWorks(Attempt attempt) throws InterruptedException {
        AtomicBoolean told = new AtomicBoolean();
        ScheduledFuture<?> late = patience.schedule(
                () -> {
                    told.set(true);
                    said.accept("Kafka has taken no events for " + SOON.toSeconds()
                            + " s; waiting for it, nothing is lost meanwhile");
                },
                SOON.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            again(attempt);
        } finally {
            late.cancel(false);
        }
        if (told.get()) {
            said.accept("Kafka takes events again");
        }
    }

    private void again(Attempt attempt) throws InterruptedException {
        Duration wait = FIRST_WAIT;
        while (true) {
            try {
                attempt.run();
                return;
            } catch (InDoubt e) {
                if (stop.within(wait)) {
                    throw new InterruptedException("stopped while Kafka was away");
                }
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
    }

    @Override
    public void close() {
        patience.shutdownNow();
        writer.close();
    }
}
