package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

@Timeout(20)
final class LoopTest {

    private static final TopicPartition IN_0 = new TopicPartition("in", 0);
    private static final TopicPartition IN_1 = new TopicPartition("in", 1);

    private final MockClients clients = new MockClients(IntStream.range(0, 12)
            .mapToObj(number -> new TopicPartition("in", number))
            .toList());
    private final Memory memory = new Memory();
    private final ExactlyOnce bridge = new ExactlyOnce(
            new ExactlyOnce.Options(
                    KafkaSettings.of("mock:1"),
                    "group",
                    "a",
                    List.of("in"),
                    new ExactlyOnce.Restore.Changelog("state"),
                    ExactlyOnce.Protocol.CONSUMER),
            memory,
            clients,
            Duration.ofSeconds(5));
    private final Listener listener = new Listener();

    /** The last value by partition. */
    private static final class Memory implements PartitionState {
        final Map<Integer, String> values = new ConcurrentHashMap<>();

        @Override
        public void assign(int partition) {
            assertThat(values.put(partition, "")).isNull();
        }

        @Override
        public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
            values.put(partition, text(record.value()));
        }

        @Override
        public void drop(int partition) {
            assertThat(values.remove(partition)).isNotNull();
        }

        Batch.Outputs work(Batch batch) {
            return batch.with(batch.records().stream()
                    .map(record -> {
                        values.put(record.partition(), text(record.value()));
                        return new ProducerRecord<>("state", record.partition(), bytes("value"), record.value());
                    })
                    .toList());
        }
    }

    private static final class Listener extends BaseSubscriber<Batch.Outputs> {
        final List<Long> committed = new CopyOnWriteArrayList<>();
        final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

        @Override
        protected void hookOnNext(Batch.Outputs outputs) {
            committed.add(outputs.batch().number());
        }

        @Override
        protected void hookOnError(Throwable e) {
            error.set(e);
        }

        @Override
        protected void hookFinally(SignalType type) {}
    }

    @AfterEach
    void stop() {
        listener.cancel();
        bridge.stopped().block(Duration.ofSeconds(10));
    }

    private void start(Function<Flux<Batch>, Flux<Batch.Outputs>> transform) {
        bridge.run(transform).subscribe(listener);
        await(() -> clients.member.listener != null);
    }

    private void startOnDemand() {
        start(batches -> batches.map(memory::work));
        listener.requestUnbounded();
    }

    private void assign(TopicPartition... partitions) {
        clients.member.schedulePollTask(() -> clients.member.rebalance(List.of(partitions)));
        await(() -> bridge.status().phases().size() == partitions.length
                && bridge.status().live());
    }

    private void arrive(TopicPartition partition, long offset, String value) {
        clients.member.schedulePollTask(() -> clients.member.addRecord(
                new ConsumerRecord<>(partition.topic(), partition.partition(), offset, bytes("k"), bytes(value))));
    }

    @Test
    void run_records_commitsOutputsPositionsAndOffsetsTogether() {
        startOnDemand();
        assign(IN_0, IN_1);
        arrive(IN_0, 4, "x");
        await(() -> listener.committed.size() == 1);
        arrive(IN_1, 9, "y");
        await(() -> listener.committed.size() == 2);

        assertThat(clients.producer(0).commitCount()).isEqualTo(2);
        String group = clients.member.groupMetadata().groupId();
        assertThat(clients.producer(0).consumerGroupOffsetsHistory())
                .containsExactly(
                        Map.of(group, Map.of(IN_0, new OffsetAndMetadata(5))),
                        Map.of(group, Map.of(IN_1, new OffsetAndMetadata(10))));
        assertThat(clients.committed())
                .extracting(record ->
                        record.topic() + record.partition() + " " + text(record.key()) + "=" + text(record.value()))
                .containsExactly(
                        "state0 value=x",
                        "state0 \0position={\"in\":5}",
                        "state1 value=y",
                        "state1 \0position={\"in\":10}");
    }

    /** Some are restored sooner than others: each goes live once, with its own value. */
    @Test
    void run_manyPartitionsAreRestored_eachGoesLiveOnceAtItsOwnPosition() {
        TopicPartition[] many = new TopicPartition[12];
        Arrays.setAll(many, number -> new TopicPartition("in", number));
        startOnDemand();
        assign(many);
        for (int number = 0; number < many.length; number += 2) {
            arrive(many[number], 100L + number, "v" + number);
        }
        await(() -> clients.committed().size() == many.length);
        clients.producer(0).commitTransactionException = new CommitFailedException("rebalanced");
        arrive(IN_1, 0, "lost");
        await(() -> bridge.status().aborts() == 1 && bridge.status().live());
        for (int number = 0; number < many.length; number++) {
            boolean even = number % 2 == 0;
            assertThat(memory.values).containsEntry(number, even ? "v" + number : "");
            assertThat(clients.member.position(many[number])).isEqualTo(even ? 101L + number : 0);
        }
        assertThat(listener.error.get()).isNull();
    }

    @Test
    void run_restoresOutputs_fromTheirBeginningToTheirEnd() {
        startOnDemand();
        assign(IN_0);
        arrive(IN_0, 0, "first");
        await(() -> listener.committed.size() == 1);
        arrive(IN_0, 1, "second");
        await(() -> listener.committed.size() == 2);
        stop();
        List<String> restored = new CopyOnWriteArrayList<>();
        MockClients again = new MockClients(List.of(IN_0));
        again.producers.addAll(clients.producers);
        ExactlyOnce other = new ExactlyOnce(
                new ExactlyOnce.Options(
                        KafkaSettings.of("mock:1"),
                        "group",
                        "b",
                        List.of("in"),
                        new ExactlyOnce.Restore.Inputs(List.of(), List.of("state")),
                        ExactlyOnce.Protocol.CONSUMER),
                new PartitionState() {
                    @Override
                    public void assign(int partition) {}

                    @Override
                    public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
                        restored.add(record.topic() + " " + text(record.value()));
                    }

                    @Override
                    public void restored(int partition) {
                        restored.add("whole");
                    }

                    @Override
                    public void drop(int partition) {}
                },
                again,
                Duration.ofSeconds(5));
        Disposable running = other.run(batches -> batches.map(batch -> batch.with(List.of())))
                .subscribe();
        await(() -> again.member.listener != null);
        again.member.schedulePollTask(() -> again.member.rebalance(List.of(IN_0)));
        await(() -> other.status().live());
        running.dispose();
        other.stopped().block(Duration.ofSeconds(10));

        assertThat(restored)
                .containsExactly("state first", "state {\"in\":1}", "state second", "state {\"in\":2}", "whole");
    }

    @Test
    void run_producer_isInitialisedBeforeTheFirstPoll() {
        startOnDemand();
        assertThat(clients.producer(0).transactionInitialized()).isTrue();
    }

    @Test
    void run_nobodyAsks_pausesAndPollsOn() {
        AtomicInteger handedOn = new AtomicInteger();
        start(batches -> batches.doOnNext(batch -> handedOn.incrementAndGet()).map(memory::work));
        assign(IN_0, IN_1);
        await(() -> clients.member.paused().size() == 2);
        long polls = clients.member.polls.get();
        arrive(IN_0, 0, "x");
        await(() -> clients.member.polls.get() > polls + 5);
        assertThat(handedOn).hasValue(0);

        // One batch is worked on ahead of what is asked for, and not more.
        listener.request(1);
        await(() -> listener.committed.size() == 1);
        arrive(IN_0, 1, "y");
        await(() -> handedOn.get() == 2);
        arrive(IN_0, 2, "z");
        long after = clients.member.polls.get();
        await(() -> clients.member.polls.get() > after + 5);
        assertThat(handedOn).hasValue(2);
        assertThat(clients.member.paused()).containsExactlyInAnyOrder(IN_0, IN_1);

        listener.requestUnbounded();
        await(() -> listener.committed.size() == 3);
    }

    @Test
    void run_commitFails_memoryAndPositionAreWhatIsCommitted() {
        startOnDemand();
        assign(IN_0);
        arrive(IN_0, 0, "kept");
        await(() -> listener.committed.size() == 1);

        clients.producer(0).commitTransactionException = new CommitFailedException("rebalanced");
        arrive(IN_0, 1, "lost");
        await(() -> bridge.status().aborts() == 1 && bridge.status().live());
        assertThat(memory.values).containsExactly(Map.entry(0, "kept"));
        assertThat(clients.member.position(IN_0)).isEqualTo(1);
        assertThat(clients.producers).hasSize(1);
        assertThat(clients.producer(0).transactionAborted()).isTrue();

        clients.producer(0).commitTransactionException = null;
        arrive(IN_0, 1, "again");
        await(() -> listener.committed.size() == 2);
        assertThat(memory.values).containsExactly(Map.entry(0, "again"));
        assertThat(listener.error.get()).isNull();
    }

    @Test
    void run_producerLost_goesOnWithANewOne() {
        startOnDemand();
        assign(IN_0);
        clients.producer(0).commitTransactionException = new OutOfOrderSequenceException("lost");
        arrive(IN_0, 0, "x");
        await(() -> clients.producers.size() == 2 && bridge.status().live());
        assertThat(clients.producer(0).closed()).isTrue();
        arrive(IN_0, 0, "x");
        await(() -> listener.committed.size() == 1);
    }

    @Test
    void run_fencedInAYoungTransaction_endsAndNamesTheReason() {
        startOnDemand();
        assign(IN_0);
        clients.producer(0).commitTransactionException = new ProducerFencedException("fenced");
        arrive(IN_0, 0, "x");
        await(() -> listener.error.get() != null);
        assertThat(listener.error.get()).hasMessageContaining("another process runs as group-a");
        await(() -> clients.member.closed());
    }

    @Test
    void run_outputTooLarge_ends() {
        startOnDemand();
        assign(IN_0);
        clients.producer(0).commitTransactionException = new RecordTooLargeException("too large");
        arrive(IN_0, 0, "x");
        await(() -> listener.error.get() != null);
        assertThat(listener.error.get()).hasMessageContaining("too large");
    }

    @Test
    void run_transformThrows_endsAndForgets() {
        start(batches -> batches.map(batch -> {
            throw new IllegalStateException("bug");
        }));
        listener.requestUnbounded();
        assign(IN_0);
        arrive(IN_0, 0, "x");
        await(() -> listener.error.get() != null);
        assertThat(listener.error.get()).hasMessage("bug");
        bridge.stopped().block(Duration.ofSeconds(10));
        await(() -> clients.member.closed());
        assertThat(clients.producer(0).commitCount()).isZero();
    }

    @Test
    void run_outputWithoutPartition_ends() {
        start(batches -> batches.map(batch -> batch.with(List.of(new ProducerRecord<>("out", bytes("x"))))));
        listener.requestUnbounded();
        assign(IN_0);
        arrive(IN_0, 0, "x");
        await(() -> listener.error.get() != null);
        assertThat(listener.error.get()).hasMessageContaining("names no partition");
    }

    @Test
    void run_revokedWithABatchOut_commitsItFirst() {
        Semaphore gate = new Semaphore(0);
        start(heldBy(gate));
        listener.requestUnbounded();
        assign(IN_0, IN_1);
        arrive(IN_0, 0, "x");
        await(gate::hasQueuedThreads);
        clients.member.schedulePollTask(() -> {
            gate.release();
            clients.member.rebalance(List.of(IN_1));
            assertThat(clients.producer(0).commitCount()).isEqualTo(1);
        });
        await(() -> memory.values.keySet().equals(java.util.Set.of(1)));
        assertThat(listener.committed).hasSize(1);
        assertThat(bridge.status().aborts()).isZero();
    }

    @Test
    void run_lostWithABatchOut_discardsItAndDropsAll() {
        Semaphore gate = new Semaphore(0);
        start(heldBy(gate));
        listener.requestUnbounded();
        assign(IN_0);
        arrive(IN_0, 0, "x");
        await(gate::hasQueuedThreads);
        clients.member.schedulePollTask(
                () -> Objects.requireNonNull(clients.member.listener).onPartitionsLost(List.of(IN_0)));
        long polls = clients.member.polls.get();
        await(() -> clients.member.polls.get() > polls + 2);
        // The state is not touched while the batch is being worked on.
        assertThat(memory.values).containsOnlyKeys(0);
        gate.release();
        await(() -> memory.values.isEmpty());
        assertThat(clients.producer(0).commitCount()).isZero();
        assertThat(listener.committed).isEmpty();
        assertThat(bridge.status().aborts()).isEqualTo(1);
    }

    @Test
    void run_twice_isRefused() {
        startOnDemand();
        assertThatThrownBy(
                        () -> bridge.run(batches -> batches.map(memory::work)).blockLast(Duration.ofSeconds(5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs already");
    }

    @Test
    void cancel_stopsAndForgets() {
        startOnDemand();
        assign(IN_0);
        listener.cancel();
        bridge.stopped().block(Duration.ofSeconds(10));
        await(() -> clients.member.closed());
        await(() -> clients.producer(0).closed());
        assertThat(memory.values).isEmpty();
    }

    private Function<Flux<Batch>, Flux<Batch.Outputs>> heldBy(Semaphore gate) {
        return batches -> batches.publishOn(Schedulers.newSingle("gate", true), false, 1)
                .map(batch -> {
                    gate.acquireUninterruptibly();
                    return memory.work(batch);
                });
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("within 10 s").isNegative();
            Thread.onSpinWait();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
