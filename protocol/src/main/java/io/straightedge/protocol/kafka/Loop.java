package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the member, the transactional producer and the restoring reader of a bridge.
 *
 * <p>It hands one poll on as one batch and waits for its outputs; while it waits, or nobody asks for more, it pauses
 * what is assigned and polls on, so that the group sees a member that lives. Whatever goes wrong with a batch ends on
 * one path: forget all that is remembered, restore it from Kafka, go on from there.
 */
final class Loop implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long WAIT_MS = 10;

    /** How long a rebalance is held up for a batch that is out; then its partitions go without it. */
    static final Duration REVOCATION_WAITS = Duration.ofSeconds(20);

    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);

    private final ExactlyOnce.Options options;
    private final Clients clients;
    private final Partitions partitions;
    private final Exchange exchange;
    private final java.util.function.Consumer<ExactlyOnce.Status> publish;
    private final Transactions transactions;
    private final Restoration restoration;
    private final Duration revocationWaits;
    private final Backoff backoff = new Backoff();

    private @Nullable Consumer<byte[], byte[]> member;
    private @Nullable Out out;
    private @Nullable RuntimeException callbackFailure;
    private boolean closing;
    private long batches;
    private long commits;
    private long aborts;
    private long statusNanos = System.nanoTime() - STATUS_EVERY.toNanos();
    private Map<TopicPartition, Long> lag = Map.of();

    /** The batch that is outside. */
    private static final class Out {
        final Batch batch;
        final Map<TopicPartition, Long> next;

        /** Some of its partitions have left: its outputs will be discarded. */
        boolean doomed;

        Out(Batch batch, Map<TopicPartition, Long> next) {
            this.batch = batch;
            this.next = next;
        }
    }

    Loop(
            ExactlyOnce.Options options,
            Clients clients,
            Partitions partitions,
            Exchange exchange,
            java.util.function.Consumer<ExactlyOnce.Status> publish,
            Duration revocationWaits) {
        this.options = options;
        this.clients = clients;
        this.partitions = partitions;
        this.exchange = exchange;
        this.publish = publish;
        this.revocationWaits = revocationWaits;
        this.transactions = new Transactions(clients::producer, options.transactionalId());
        this.restoration = new Restoration(options, clients, partitions);
    }

    /** Runs until nobody listens any more, or something fails for good; says what. */
    @Nullable
    Throwable call() {
        Throwable failure = null;
        try {
            // What an earlier run left behind.
            partitions.allGone();
            partitions.reconcile();
            while (!exchange.stopped()) {
                attempt();
            }
        } catch (InterruptException e) {
            LOG.debug("interrupted", e);
        } catch (Throwable e) {
            failure = e;
            LOG.error("{} stops: {}", options.transactionalId(), e.toString());
        }
        return closed(failure);
    }

    private @Nullable Throwable closed(@Nullable Throwable failure) {
        closing = true;
        try {
            if (member != null) {
                member.close(Clients.leaving());
            }
            restoration.close();
            transactions.close();
        } catch (RuntimeException e) {
            LOG.warn("{}: closing failed: {}", options.transactionalId(), e.toString());
        }
        partitions.allGone();
        if (out == null) {
            try {
                partitions.reconcile();
            } catch (RuntimeException e) {
                return failure == null ? e : failure;
            }
        }
        publish.accept(new ExactlyOnce.Status(Map.of(), commits, aborts, Map.of()));
        return failure;
    }

    /** One step; what Kafka may recover from is tried again after a while. */
    private void attempt() {
        try {
            if (backoff.waiting(System.nanoTime())) {
                exchange.await(WAIT_MS);
                stayMember();
            } else {
                step();
            }
            tell();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            rethrowCallbackFailure();
            if (Failure.of(e) == Failure.HOPELESS) {
                throw e;
            }
            retryLater("Kafka does not answer", e);
        }
        rethrowCallbackFailure();
    }

    private void rethrowCallbackFailure() {
        if (callbackFailure != null) {
            throw callbackFailure;
        }
    }

    private void retryLater(String what, Throwable cause) {
        Duration wait = backoff.failed(System.nanoTime());
        LOG.warn("{}: {}, next try in {} ms: {}", options.transactionalId(), what, wait.toMillis(), cause.toString());
    }

    private void step() {
        // The producer comes first: it ends what an earlier one left open, which would hold up committed offsets.
        transactions.ready();
        Consumer<byte[], byte[]> consumer = joined();
        if (out != null) {
            exchange.await(WAIT_MS);
            if (!settled()) {
                stayMember();
            }
            return;
        }
        partitions.reconcile();
        if (!partitions.allLive()) {
            restoration.step(consumer);
            stayMember();
            if (partitions.allLive()) {
                backoff.succeeded();
            }
        } else if (exchange.demand()) {
            poll(consumer);
        } else {
            exchange.await(WAIT_MS);
            stayMember();
        }
    }

    private Consumer<byte[], byte[]> joined() {
        Consumer<byte[], byte[]> consumer = member;
        if (consumer == null) {
            consumer = clients.member();
            member = consumer;
            consumer.subscribe(options.inputs(), this);
        }
        return consumer;
    }

    private void poll(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> resume = new ArrayList<>(partitions.live());
        resume.retainAll(consumer.paused());
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
        Map<TopicPartition, Long> next = new HashMap<>();
        List<TopicPartition> live = polled.isEmpty() ? List.of() : partitions.live();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> its = polled.records(partition);
            if (live.contains(partition)) {
                records.addAll(its);
                next.put(partition, its.get(its.size() - 1).offset() + 1);
            } else {
                rewind(consumer, partition, its);
            }
        }
        if (!records.isEmpty()) {
            Batch batch = new Batch(++batches, records);
            LOG.debug("{}: batch {} of {} records is out", options.transactionalId(), batches, records.size());
            out = new Out(batch, next);
            exchange.emit(batch);
        }
    }

    /** Keeps the membership alive without taking records. */
    private void stayMember() {
        Consumer<byte[], byte[]> consumer = member;
        if (consumer == null) {
            return;
        }
        List<TopicPartition> running = new ArrayList<>(consumer.assignment());
        running.removeAll(consumer.paused());
        if (!running.isEmpty()) {
            consumer.pause(running);
        }
        ConsumerRecords<byte[], byte[]> unwanted = consumer.poll(Duration.ZERO);
        for (TopicPartition partition : unwanted.partitions()) {
            rewind(consumer, partition, unwanted.records(partition));
        }
    }

    /** Records of a partition that is not live must come again. */
    private static void rewind(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        if (consumer.assignment().contains(partition)) {
            consumer.seek(partition, records.get(0).offset());
        }
    }

    /** Commits or discards what has come back; false when nothing has. */
    private boolean settled() {
        Exchange.Settlement settlement = exchange.take();
        Out current = out;
        if (settlement == null || current == null) {
            return false;
        }
        if (settlement.outputs().batch().number() != current.batch.number()) {
            throw new IllegalStateException("outputs of batch "
                    + settlement.outputs().batch().number() + " came back while batch " + current.batch.number()
                    + " is out");
        }
        out = null;
        if (current.doomed) {
            takenBack("its partitions have left", null);
            settlement.sink().success();
            return true;
        }
        commit(current, settlement);
        return true;
    }

    private void commit(Out current, Exchange.Settlement settlement) {
        Consumer<byte[], byte[]> consumer = joined();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        current.next.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        try {
            // The group's metadata change with every rebalance: read them now, or a zombie's commit is accepted.
            transactions.commit(records(current, settlement.outputs()), offsets, consumer.groupMetadata());
        } catch (Transactions.TakenBack e) {
            takenBack("aborted", e.getCause());
            settlement.sink().success();
            return;
        } catch (RuntimeException e) {
            settlement.sink().error(e);
            throw e;
        }
        current.next.forEach(partitions.positions()::put);
        LOG.debug(
                "{}: batch {} of {} records committed",
                options.transactionalId(),
                current.batch.number(),
                current.batch.records().size());
        commits++;
        backoff.succeeded();
        settlement.sink().success(settlement.outputs());
    }

    private List<ProducerRecord<byte[], byte[]>> records(Out current, Batch.Outputs outputs) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(outputs.outputs());
        for (ProducerRecord<byte[], byte[]> record : records) {
            if (record.partition() == null) {
                throw new IllegalArgumentException("a record for " + record.topic() + " names no partition");
            }
        }
        if (options.restore() instanceof ExactlyOnce.Restore.Changelog changelog) {
            Set<Integer> touched = new TreeSet<>();
            current.next.keySet().forEach(partition -> touched.add(partition.partition()));
            touched.forEach(
                    number -> records.add(partitions.positions().record(changelog.topic(), number, current.next)));
        }
        return records;
    }

    /** The batch did not take place: what is remembered is of no use, the committed truth is in Kafka. */
    private void takenBack(String why, @Nullable Throwable cause) {
        aborts++;
        partitions.allStale();
        if (cause != null) {
            retryLater("batch " + why, cause);
        } else {
            LOG.info("{}: batch taken back, {}", options.transactionalId(), why);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> arrived) {
        // A new assignment starts unpaused, whatever was paused before; its state is not restored yet.
        if (member != null) {
            member.pause(arrived);
        }
        partitions.assigned(arrived);
        LOG.info("{}: assigned {}", options.transactionalId(), arrived);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> leaving) {
        LOG.info("{}: revoked {}", options.transactionalId(), leaving);
        try {
            if (touches(leaving)) {
                finishBatch();
            }
        } catch (RuntimeException e) {
            // Kafka would wrap it; the loop throws it as it is.
            callbackFailure = e;
        }
        leave(leaving);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        LOG.warn("{}: lost {}", options.transactionalId(), lost);
        leave(lost);
    }

    private void leave(Collection<TopicPartition> partitionsGone) {
        if (out != null && touches(partitionsGone)) {
            out.doomed = true;
        }
        partitions.gone(partitionsGone);
    }

    private boolean touches(Collection<TopicPartition> some) {
        return out != null && some.stream().anyMatch(out.next::containsKey);
    }

    /** They are still ours until the callback returns: the batch that is out may be committed, within a limit. */
    private void finishBatch() {
        long deadline = System.nanoTime() + revocationWaits.toNanos();
        while (!closing && !exchange.stopped() && System.nanoTime() - deadline < 0) {
            if (settled()) {
                return;
            }
            exchange.await(WAIT_MS);
        }
    }

    private void tell() {
        long now = System.nanoTime();
        if (now - statusNanos >= STATUS_EVERY.toNanos() && member != null) {
            statusNanos = now;
            Map<TopicPartition, Long> measured = new HashMap<>();
            for (TopicPartition partition : partitions.live()) {
                member.currentLag(partition).ifPresent(records -> measured.put(partition, records));
            }
            lag = measured;
        }
        publish.accept(new ExactlyOnce.Status(partitions.phases(), commits, aborts, lag));
    }
}
