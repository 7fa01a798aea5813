package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the bridge holds on any broker; a subclass per kind of broker. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ExactlyOnceContract {

    private final Broker broker = newBroker();

    abstract Broker newBroker();

    @AfterAll
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void run_stoppedAndStartedAgain_commitsEachRecordOnce(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "plain-" + protocol);
        cluster.produce(0, 5_000);
        long began = System.nanoTime();
        try (Instance one = new Instance(cluster.options("a", protocol), cluster)) {
            one.awaitCommitted(1);
            System.out.println("to the first commit: " + (System.nanoTime() - began) / 1_000_000 + " ms");
            one.awaitCommitted(5_000);
            assertThat(one.error.get()).isNull();
        }
        try (Instance again = new Instance(cluster.options("a", protocol), cluster)) {
            cluster.produce(5_000, 6_000);
            again.awaitCommitted(1_000);
        }
        cluster.assertOutputsOf(6_000);
    }

    @ParameterizedTest
    @EnumSource
    void run_randomAborts_commitsEachRecordOnceAndRemembersWhatIsCommitted(ExactlyOnce.Protocol protocol)
            throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Cluster cluster = new Cluster(broker, "aborts-" + protocol);
        Set<String> faulty =
                Set.of("beginTransaction", "send", "sendOffsetsToTransaction", "commitTransaction", "abortTransaction");
        ExactlyOnce.Options options = cluster.options("a", protocol);
        FaultyClients clients = new FaultyClients(Clients.of(options), method -> {
            if (!faulty.contains(method) || random.nextInt("send".equals(method) ? 2_000 : 8) > 0) {
                return null;
            }
            KafkaException exception = switch (random.nextInt(4)) {
                case 0 -> new CommitFailedException("injected");
                case 1 -> new TimeoutException("injected");
                case 2 -> new InvalidPidMappingException("injected");
                default -> new KafkaException("injected");
            };
            // Of an abort that was sent, or a commit whose answer was lost, the outcome is unknown.
            return new FaultyClients.Fault(random.nextBoolean(), exception);
        });
        try (Instance one = new Instance(options, cluster, clients)) {
            for (int i = 0; i < 20; i++) {
                cluster.produce(i * 200, (i + 1) * 200);
            }
            cluster.awaitConsumed(4_000);
            assertThat(one.error.get()).isNull();
            assertThat(clients.injected).hasPositiveValue();
        }
        cluster.assertOutputsOf(4_000);
    }

    @ParameterizedTest
    @EnumSource
    void run_crashes_commitsEachRecordOnce(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "crashes-" + protocol);
        cluster.produce(0, 8_000);
        ExactlyOnce.Options options = cluster.options("a", protocol);
        for (int crash = 0; crash < 5; crash++) {
            int batchesLeft = crash + 1;
            AtomicInteger left = new AtomicInteger(batchesLeft);
            // The state has taken the batch in when the transform fails.
            try (Instance one = new Instance(
                    small(options),
                    cluster,
                    Clients.of(small(options)),
                    sums -> batches -> batches.map(batch -> {
                        Batch.Outputs outputs = sums.work(batch);
                        if (left.decrementAndGet() < 0) {
                            throw new IllegalStateException("crash");
                        }
                        return outputs;
                    }))) {
                Cluster.await("crash", Duration.ofSeconds(20), () -> one.error.get() != null);
                assertThat(one.error.get()).hasMessage("crash");
            }
        }
        try (Instance last = new Instance(options, cluster)) {
            cluster.awaitConsumed(8_000);
            assertThat(last.error.get()).isNull();
        }
        cluster.assertOutputsOf(8_000);
    }

    @ParameterizedTest
    @EnumSource
    void run_secondInstanceComesAndGoes_losesAndDoublesNothing(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "two-" + protocol);
        cluster.produce(0, 2_000);
        try (Instance first = new Instance(cluster.options("a", protocol), cluster)) {
            first.awaitCommitted(1_000);
            try (Instance second = new Instance(cluster.options("b", protocol), cluster)) {
                for (int i = 10; i < 20; i++) {
                    cluster.produce(i * 200, (i + 1) * 200);
                }
                Cluster.await(
                        "both have partitions", Duration.ofSeconds(20), () -> first.live() == 2 && second.live() == 2);
                cluster.produce(4_000, 5_000);
                second.awaitCommitted(100);
                assertThat(second.error.get()).isNull();
            }
            cluster.produce(5_000, 6_000);
            Cluster.await("the first has all again", Duration.ofSeconds(20), () -> first.live() == 4);
            cluster.awaitConsumed(6_000);
            assertThat(first.error.get()).isNull();
        }
        cluster.assertOutputsOf(6_000);
    }

    @Test
    void run_sameInstanceTwice_endsTheFirstWithAReason() throws Exception {
        Cluster cluster = new Cluster(broker, "twins");
        try (Instance first = new Instance(cluster.options("a", ExactlyOnce.Protocol.CONSUMER), cluster)) {
            cluster.produce(0, 100);
            first.awaitCommitted(100);
            try (Instance twin = new Instance(cluster.options("a", ExactlyOnce.Protocol.CONSUMER), cluster)) {
                Cluster.await("twin is live", Duration.ofSeconds(20), () -> twin.live() > 0);
                cluster.produce(100, 200);
                Cluster.await("end of the first", Duration.ofSeconds(20), () -> first.error.get() != null);
                assertThat(first.error.get()).hasMessageContaining("another process runs as twins-a");
                cluster.awaitConsumed(200);
            }
        }
        cluster.assertOutputsOf(200);
    }

    /** The publisher's way: what is remembered comes from the inputs themselves. */
    @ParameterizedTest
    @EnumSource
    void run_restoredFromInputs_remembersThemUpToWhatIsCommitted(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "inputs-" + protocol);
        cluster.produce(0, 1_000);
        ExactlyOnce.Options changelog = cluster.options("a", protocol);
        ExactlyOnce.Options options = new ExactlyOnce.Options(
                changelog.kafka(),
                changelog.group(),
                changelog.instance(),
                changelog.inputs(),
                new ExactlyOnce.Restore.Inputs(changelog.inputs()),
                protocol);
        Latest first = new Latest();
        Disposable one = first.run(options);
        cluster.awaitConsumed(1_000);
        one.dispose();
        first.awaitStopped();

        Latest second = new Latest();
        Disposable two = second.run(options);
        Cluster.await("restored", Duration.ofSeconds(20), second::live);
        assertThat(second.restored).hasValue(1_000);
        cluster.produce(1_000, 1_100);
        cluster.awaitConsumed(1_100);
        assertThat(second.worked).hasValue(100);
        assertThat(second.values).hasSize(20).containsEntry("k19", "1099").containsEntry("k0", "1080");
        two.dispose();
        second.awaitStopped();
    }

    /** The alert lane's way: what is remembered comes from what it has written itself, read to its end. */
    @ParameterizedTest
    @EnumSource
    void run_restoredFromOutputs_goesOnWhereItWas(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "outputs-" + protocol);
        ExactlyOnce.Options changelog = cluster.options("a", protocol);
        ExactlyOnce.Options options = new ExactlyOnce.Options(
                changelog.kafka(),
                changelog.group(),
                changelog.instance(),
                changelog.inputs(),
                new ExactlyOnce.Restore.Inputs(List.of(), List.of(cluster.changelog)),
                protocol);
        for (int thousand = 0; thousand < 3; thousand++) {
            cluster.produce(1_000 * thousand, 1_000 * (thousand + 1));
            try (Instance instance = new Instance(options, cluster)) {
                cluster.awaitConsumed(1_000L * (thousand + 1));
                assertThat(instance.live()).isPositive();
            }
        }
        cluster.assertOutputsOf(3_000);
    }

    /** The alert lane's receipts: all that an input holds is known before its first record is worked on, again or not. */
    @ParameterizedTest
    @EnumSource
    void run_restoredFromInputsToTheirEnd_remembersMoreThanIsCommitted(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "inputs-end-" + protocol);
        cluster.produce(0, 1_000);
        ExactlyOnce.Options changelog = cluster.options("a", protocol);
        Latest only = new Latest();
        Disposable running = only.run(new ExactlyOnce.Options(
                changelog.kafka(),
                changelog.group(),
                changelog.instance(),
                changelog.inputs(),
                new ExactlyOnce.Restore.Inputs(List.of(), changelog.inputs()),
                protocol));
        cluster.awaitConsumed(1_000);
        assertThat(only.restored).hasValue(1_000);
        assertThat(only.worked).hasValue(1_000);
        running.dispose();
        only.awaitStopped();
    }

    /** reactor-kafka#237: records queued without end after a rebalance, because new partitions were not paused. */
    @ParameterizedTest
    @EnumSource
    void issue237_rebalanceWhileNothingIsAskedFor_handsNothingOn(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "issue237-" + protocol);
        cluster.produce(0, 4_000);
        Gate gate = new Gate();
        ExactlyOnce.Options options = small(cluster.options("a", protocol));
        AtomicInteger received = new AtomicInteger();
        try (Instance slow = new Instance(
                options,
                cluster,
                Clients.of(options),
                sums -> batches -> gate.around(sums).apply(batches.doOnNext(batch -> received.incrementAndGet())))) {
            gate.pass(1);
            slow.awaitCommitted(1);
            Cluster.await("one batch waits", Duration.ofSeconds(20), () -> received.get() == 2);
            try (Instance other = new Instance(cluster.options("b", protocol), cluster)) {
                Cluster.await("something moved", Duration.ofSeconds(30), () -> other.live() > 0);
                assertThat(received).hasValue(2);
            }
            gate.open();
            cluster.awaitConsumed(4_000);
        }
        cluster.assertOutputsOf(4_000);
    }

    /** reactor-kafka#259, #304: bookkeeping left over from a rebalance or a failed commit paused the loop for ever. */
    @Test
    void issue259and304_afterRebalancesAndFailedCommits_goesOnAndRemembersOnlyItsPartitions() throws Exception {
        Cluster cluster = new Cluster(broker, "issue259");
        ExactlyOnce.Options options = cluster.options("a", ExactlyOnce.Protocol.CONSUMER);
        AtomicInteger commits = new AtomicInteger();
        FaultyClients clients = new FaultyClients(
                Clients.of(options),
                method -> "commitTransaction".equals(method) && commits.incrementAndGet() % 3 == 1
                        ? new FaultyClients.Fault(false, new CommitFailedException("injected"))
                        : null);
        try (Instance first = new Instance(options, cluster, clients)) {
            for (int round = 0; round < 3; round++) {
                cluster.produce(round * 500, (round + 1) * 500);
                try (Instance second =
                        new Instance(cluster.options("b" + round, ExactlyOnce.Protocol.CONSUMER), cluster)) {
                    Cluster.await("shared", Duration.ofSeconds(20), () -> first.live() == 2 && second.live() == 2);
                    assertThat(first.sums.sums.keySet()).hasSize(2);
                }
                Cluster.await("whole", Duration.ofSeconds(20), () -> first.live() == 4);
            }
            cluster.awaitConsumed(1_500);
            assertThat(clients.injected).hasPositiveValue();
            assertThat(first.bridge.status().aborts()).isPositive();
        }
        cluster.assertOutputsOf(1_500);
    }

    /** reactor-kafka#371: every rebalance waited the full limit for a batch that had long come back. */
    @ParameterizedTest
    @EnumSource
    void issue371_rebalanceWithABatchOut_waitsForTheBatchOnly(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "issue371-" + protocol);
        Gate gate = new Gate();
        ExactlyOnce.Options options = cluster.options("a", protocol);
        cluster.produce(0, 100);
        try (Instance first = new Instance(options, cluster, Clients.of(options), gate::around)) {
            Cluster.await("batch is out", Duration.ofSeconds(20), gate::waiting);
            try (Instance second = new Instance(cluster.options("b", protocol), cluster)) {
                // The group asks for the partitions while the batch is out; it is finished and committed, not dropped.
                Cluster.await("asked", Duration.ofSeconds(20), () -> cluster.members() == 2);
                long began = System.nanoTime();
                gate.open();
                Cluster.await("shared", Duration.ofSeconds(20), () -> first.live() == 2 && second.live() == 2);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
                assertThat(first.bridge.status().aborts()).isZero();
            }
        }
        cluster.assertOutputsOf(100);
    }

    /** reactor-kafka#349: a transaction left open by a crash held readers up until its time-out. */
    @Test
    void issue349_transactionLeftOpenByACrash_isEndedBeforeTheFirstPoll() throws Exception {
        Cluster cluster = new Cluster(broker, "issue349");
        ExactlyOnce.Options options = cluster.options("a", ExactlyOnce.Protocol.CONSUMER);
        cluster.produce(0, 100);
        try (Producer<byte[], byte[]> crashed = Clients.of(options).producer()) {
            crashed.initTransactions();
            crashed.beginTransaction();
            crashed.send(new ProducerRecord<>(cluster.changelog, 0, RunningSums.bytes("k0"), RunningSums.bytes("9")))
                    .get();
            long began = System.nanoTime();
            try (Instance next = new Instance(options, cluster)) {
                next.awaitCommitted(100);
                cluster.assertOutputsOf(100);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    /** reactor-kafka#266: a failed commit ended the Flux. */
    @Test
    void issue266_commitFails_fluxGoesOn() throws Exception {
        Cluster cluster = new Cluster(broker, "issue266");
        ExactlyOnce.Options options = cluster.options("a", ExactlyOnce.Protocol.CONSUMER);
        AtomicInteger commits = new AtomicInteger();
        FaultyClients clients = new FaultyClients(
                Clients.of(options),
                method -> "commitTransaction".equals(method) && commits.getAndIncrement() == 0
                        ? new FaultyClients.Fault(false, new CommitFailedException("injected"))
                        : null);
        cluster.produce(0, 100);
        try (Instance one = new Instance(options, cluster, clients)) {
            one.awaitCommitted(100);
            assertThat(one.error.get()).isNull();
            assertThat(one.bridge.status().aborts()).isEqualTo(1);
        }
        cluster.assertOutputsOf(100);
    }

    /** reactor-kafka#240: acknowledgements raced, and the order within a partition was lost. */
    @Test
    void issue240_workOnAnotherThread_keepsTheOrderOfEachPartition() throws Exception {
        Cluster cluster = new Cluster(broker, "issue240");
        ExactlyOnce.Options options = small(cluster.options("a", ExactlyOnce.Protocol.CONSUMER));
        Scheduler lane = Schedulers.newParallel("lane", 2);
        cluster.produce(0, 2_000);
        try (Instance one = new Instance(
                options,
                cluster,
                Clients.of(options),
                sums -> batches -> batches.publishOn(lane, false, 1).map(sums::work))) {
            one.awaitCommitted(2_000);
        } finally {
            lane.dispose();
        }
        for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
            int its = partition;
            assertThat(cluster.committed(cluster.output).stream()
                            .filter(record -> record.partition() == its)
                            .map(record -> Integer.parseInt(
                                    RunningSums.text(record.value()).split(":", 2)[0])))
                    .hasSize(500)
                    .isSorted();
        }
    }

    /** reactor-kafka#80: the commit in onPartitionsRevoked was asynchronous and came too late. */
    @ParameterizedTest
    @EnumSource
    void issue80_revoked_commitsBeforeThePartitionGoes(ExactlyOnce.Protocol protocol) throws Exception {
        Cluster cluster = new Cluster(broker, "issue80-" + protocol);
        Gate gate = new Gate();
        ExactlyOnce.Options options = cluster.options("a", protocol);
        cluster.produce(0, 400);
        AtomicInteger repeated = new AtomicInteger();
        try (Instance first = new Instance(options, cluster, Clients.of(options), gate::around)) {
            Cluster.await("batch is out", Duration.ofSeconds(20), gate::waiting);
            ExactlyOnce.Options others = cluster.options("b", protocol);
            try (Instance second = new Instance(
                    others, cluster, batch -> repeated.addAndGet(batch.records().size()))) {
                Cluster.await("asked", Duration.ofSeconds(20), () -> cluster.members() == 2);
                gate.open();
                Cluster.await("shared", Duration.ofSeconds(20), () -> first.live() == 2 && second.live() == 2);
                cluster.awaitConsumed(400);
                // Whatever the first had out when it was asked was committed by it: nobody works on it again.
                assertThat(first.committedRecords.get() + second.committedRecords.get())
                        .isEqualTo(400);
                assertThat(repeated.get()).isEqualTo((int) second.committedRecords.get());
                assertThat(first.bridge.status().aborts()).isZero();
            }
        }
        cluster.assertOutputsOf(400);
    }

    /** reactor-kafka#299: an acknowledgement cost more the more records were waiting. */
    @Test
    void issue299_largeBacklog_costPerRecordIsFlat() throws Exception {
        Cluster cluster = new Cluster(broker, "issue299");
        ExactlyOnce.Options options = cluster.options("a", ExactlyOnce.Protocol.CONSUMER);
        int count = 200_000;
        cluster.produce(0, count);
        List<Long> nanos = new ArrayList<>();
        AtomicLong last = new AtomicLong();
        AtomicLong lastRecords = new AtomicLong();
        try (Instance one = new Instance(options, cluster, batch -> {
            if (lastRecords.get() > 0) {
                nanos.add((System.nanoTime() - last.get()) / lastRecords.get());
            }
            last.set(System.nanoTime());
            lastRecords.set(batch.records().size());
        })) {
            one.awaitCommitted(count);
        }
        // Medians of the second and the last fifth: the first fifth warms up.
        int fifth = nanos.size() / 5;
        double early = median(nanos.subList(fifth, 2 * fifth));
        double late = median(nanos.subList(nanos.size() - fifth, nanos.size()));
        System.out.printf("per record: %.0f ns early, %.0f ns late, %d batches%n", early, late, nanos.size() + 1);
        assertThat(late).isLessThan(3 * early);
    }

    private static double median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** The same with small polls, so that there are many batches. */
    private static ExactlyOnce.Options small(ExactlyOnce.Options options) {
        return new ExactlyOnce.Options(
                options.kafka().with(Map.of("max.poll.records", "300")),
                options.group(),
                options.instance(),
                options.inputs(),
                options.restore(),
                options.protocol());
    }
}
