package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds the state of partitions from Kafka, a chunk per call, and leaves the member at the position that belongs to
 * it.
 *
 * <p>First the group's committed offsets are asked for, which waits for transactions in doubt; then the end of what is
 * to be read is fixed. Because a transaction becomes visible on its partitions one after the other, the changelog may
 * then still end before what the group has committed: it is read on until it does not. Output topics say nothing of
 * offsets: they are read up to all that had been written.
 *
 * <p>Not thread-safe: the loop's thread only.
 */
final class Restoration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private static final Duration CHUNK = Duration.ofMillis(50);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    /** Longer than any transaction can stay open, by a wide margin. */
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(60);

    private final ExactlyOnce.Options options;
    private final Clients clients;
    private final Partitions partitions;
    private final Map<Integer, Reading> readings = new TreeMap<>();
    private @Nullable Consumer<byte[], byte[]> reader;

    /** One partition number on its way to live. */
    private static final class Reading {
        /** What the group has committed of each input; inputs without a commit are absent. */
        final Map<TopicPartition, Long> committed;

        /** Where the reading of each restore partition ends (exclusive), fixed at the start. */
        final Map<TopicPartition, Long> ends;

        long progressNanos = System.nanoTime();

        Reading(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
            this.committed = committed;
            this.ends = ends;
        }
    }

    Restoration(ExactlyOnce.Options options, Clients clients, Partitions partitions) {
        this.options = options;
        this.clients = clients;
        this.partitions = partitions;
    }

    /** Reads one chunk; partitions whose state is whole become live, with the member at their position. */
    void step(Consumer<byte[], byte[]> member) {
        readings.keySet().removeIf(number -> !partitions.in(Phase.RESTORING, number));
        Consumer<byte[], byte[]> from = reader;
        if (from == null) {
            from = clients.reader();
            reader = from;
        }
        begin(member, from);
        follow(from);
        read(from);
        for (int number : List.copyOf(readings.keySet())) {
            Reading reading = readings.get(number);
            if (reading != null && complete(from, number, reading)) {
                readings.remove(number);
                goLive(member, number, reading);
            }
        }
        if (readings.isEmpty()) {
            close();
        }
    }

    private void begin(Consumer<byte[], byte[]> member, Consumer<byte[], byte[]> from) {
        Set<Integer> registered = partitions.in(Phase.REGISTERED);
        if (registered.isEmpty()) {
            return;
        }
        Set<TopicPartition> inputs = new HashSet<>();
        registered.forEach(number -> inputs.addAll(partitions.inputsOf(number)));
        Map<TopicPartition, OffsetAndMetadata> committed;
        try {
            committed = member.committed(inputs, ANSWER_WITHIN);
        } catch (TimeoutException e) {
            LOG.debug("committed offsets are not settled yet", e);
            return;
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition input : inputs) {
            OffsetAndMetadata offset = committed.get(input);
            if (offset != null) {
                offsets.put(input, offset.offset());
            }
        }
        Map<TopicPartition, Long> ends = ends(from, registered, offsets);
        Map<TopicPartition, Long> beginnings = from.beginningOffsets(ends.keySet(), ANSWER_WITHIN);
        for (int number : registered) {
            partitions.enter(Phase.RESTORING, number);
            readings.put(number, new Reading(of(number, offsets), of(number, ends)));
        }
        follow(from);
        for (TopicPartition partition : ends.keySet()) {
            from.seek(partition, beginnings.getOrDefault(partition, 0L));
        }
    }

    private Map<TopicPartition, Long> ends(
            Consumer<byte[], byte[]> from, Set<Integer> numbers, Map<TopicPartition, Long> committed) {
        if (options.restore() instanceof ExactlyOnce.Restore.Changelog changelog) {
            List<TopicPartition> logs = numbers.stream()
                    .map(number -> new TopicPartition(changelog.topic(), number))
                    .toList();
            return from.endOffsets(logs, ANSWER_WITHIN);
        }
        Map<TopicPartition, Long> ends = new HashMap<>(committed);
        if (options.restore() instanceof ExactlyOnce.Restore.Inputs inputs) {
            ends.keySet().removeIf(input -> !inputs.topics().contains(input.topic()));
            ends.putAll(written(inputs.outputs(), numbers));
        }
        return ends;
    }

    /**
     * The ends of output topics, what is not visible yet included: the transaction that moved the offsets may still be
     * becoming visible there, and its records lie before these ends.
     */
    private Map<TopicPartition, Long> written(List<String> topics, Set<Integer> numbers) {
        if (topics.isEmpty()) {
            return Map.of();
        }
        List<TopicPartition> logs = topics.stream()
                .flatMap(topic -> numbers.stream().map(number -> new TopicPartition(topic, number)))
                .toList();
        try (Consumer<byte[], byte[]> gauge = clients.gauge()) {
            return gauge.endOffsets(logs, ANSWER_WITHIN);
        }
    }

    private static Map<TopicPartition, Long> of(int number, Map<TopicPartition, Long> all) {
        Map<TopicPartition, Long> its = new HashMap<>(all);
        its.keySet().removeIf(partition -> partition.partition() != number);
        return its;
    }

    private void follow(Consumer<byte[], byte[]> from) {
        Set<TopicPartition> sources = new HashSet<>();
        readings.values().forEach(reading -> sources.addAll(reading.ends.keySet()));
        if (!from.assignment().equals(sources)) {
            from.assign(sources);
        }
    }

    private void read(Consumer<byte[], byte[]> from) {
        // Most often there is nothing to read, at a first start, or no more: do not wait for what will not come.
        boolean done = readings.entrySet().stream().allMatch(entry -> atEnd(from, entry.getValue()));
        if (done && readings.entrySet().stream().allMatch(entry -> behind(entry.getKey(), entry.getValue()) == null)) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : from.poll(CHUNK)) {
            Reading reading = readings.get(record.partition());
            if (reading != null) {
                reading.progressNanos = System.nanoTime();
                take(record, reading);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Reading reading) {
        if (options.restore() instanceof ExactlyOnce.Restore.Changelog) {
            if (Positions.reserved(record)) {
                partitions.positions().restore(record);
            } else {
                partitions.state().restore(record.partition(), record);
            }
            return;
        }
        Long end = reading.ends.get(new TopicPartition(record.topic(), record.partition()));
        if (end != null && record.offset() < end) {
            partitions.state().restore(record.partition(), record);
        }
    }

    private static boolean atEnd(Consumer<byte[], byte[]> from, Reading reading) {
        return reading.ends.entrySet().stream()
                .allMatch(end -> from.position(end.getKey(), ANSWER_WITHIN) >= end.getValue());
    }

    private boolean complete(Consumer<byte[], byte[]> from, int number, Reading reading) {
        boolean atEnd = atEnd(from, reading);
        TopicPartition behind = behind(number, reading);
        if (atEnd && behind == null) {
            return true;
        }
        if (System.nanoTime() - reading.progressNanos > CATCH_UP_WITHIN.toNanos()) {
            refuseIfNothingMoreCanCome(from, number, reading, behind);
            reading.progressNanos = System.nanoTime();
        }
        return false;
    }

    /** An input of which the group has committed more than the changelog read so far says, or null. */
    private @Nullable TopicPartition behind(int number, Reading reading) {
        if (!(options.restore() instanceof ExactlyOnce.Restore.Changelog)) {
            return null;
        }
        for (TopicPartition input : partitions.inputsOf(number)) {
            long committed = reading.committed.getOrDefault(input, 0L);
            if (committed > Math.max(partitions.positions().of(input), 0)) {
                return input;
            }
        }
        return null;
    }

    /** Tells a broker that is away, which may last, from records that are not there. */
    private void refuseIfNothingMoreCanCome(
            Consumer<byte[], byte[]> from, int number, Reading reading, @Nullable TopicPartition behind) {
        Map<TopicPartition, Long> now = from.endOffsets(reading.ends.keySet(), ANSWER_WITHIN);
        boolean more =
                now.entrySet().stream().anyMatch(end -> end.getValue() > from.position(end.getKey(), ANSWER_WITHIN));
        if (!more) {
            throw new IllegalStateException("state of partition " + number + " cannot be restored: group "
                    + options.group() + " has committed " + reading.committed
                    + (behind == null
                            ? ", but the topics end at " + now
                            : ", but the changelog, which ends at " + now + ", knows of " + behind + " only up to "
                                    + partitions.positions().of(behind))
                    + ". Were topics deleted or cut? Reset the group's offsets to replay what there is");
        }
    }

    private void goLive(Consumer<byte[], byte[]> member, int number, Reading reading) {
        if (options.restore() instanceof ExactlyOnce.Restore.Inputs) {
            reading.committed.forEach(partitions.positions()::put);
        }
        for (TopicPartition input : partitions.inputsOf(number)) {
            long position = partitions.positions().of(input);
            if (position >= 0) {
                member.seek(input, position);
            } else {
                member.seekToBeginning(List.of(input));
            }
        }
        partitions.state().restored(number);
        partitions.enter(Phase.LIVE, number);
        LOG.debug("{}: partition {} is live", options.transactionalId(), number);
    }

    @Override
    public void close() {
        readings.clear();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
