package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One test's topics on a broker, and what the tests do with them. */
final class Cluster {

    static final int PARTITIONS = 4;

    final KafkaSettings kafka;
    final String group;
    final String input;
    final String output;
    final String changelog;

    Cluster(Broker broker, String name) throws Exception {
        kafka = KafkaSettings.of(broker.bootstrapServers());
        group = name;
        input = name + "-in";
        output = name + "-out";
        changelog = name + "-state";
        try (Admin admin = admin()) {
            admin.createTopics(Stream.of(input, output, changelog)
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1)
                                    .configs(Map.of("max.message.bytes", "" + Topics.MAX_RECORD_BYTES)))
                            .toList())
                    .all()
                    .get();
            // As TopicSetup does: a broker tells of a new topic a moment before it can append to it.
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (String topic : List.of(input, output, changelog)) {
                    ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
                }
            }
            await("topics are there", Duration.ofSeconds(20), () -> answers(admin, ends));
        }
    }

    private static boolean answers(Admin admin, Map<TopicPartition, OffsetSpec> ends) {
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (ExecutionException e) {
            // The broker has not heard yet of a topic that the controller has just made.
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new AssertionError("new topics", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    Admin admin() {
        return Admin.create(kafka.admin());
    }

    ExactlyOnce.Options options(String instance, ExactlyOnce.Protocol protocol) {
        return new ExactlyOnce.Options(
                kafka, group, instance, List.of(input), new ExactlyOnce.Restore.Changelog(changelog), protocol);
    }

    RunningSums sums() {
        return new RunningSums(output, changelog);
    }

    /** Numbers {@code from} to {@code to - 1}; number i has key "k" + i % 20, which has its partition. */
    void produce(int from, int to) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                kafka.producer(Map.of("linger.ms", 5), Map.of()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = from; i < to; i++) {
                int key = i % 20;
                sent.add(producer.send(new ProducerRecord<>(
                        input, key % PARTITIONS, RunningSums.bytes("k" + key), RunningSums.bytes("" + i))));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /** Waits until the group has committed that many records of the input. */
    void awaitConsumed(long records) throws InterruptedException {
        try (Admin admin = admin()) {
            await(records + " records consumed", Duration.ofSeconds(40), () -> consumed(admin) == records);
        }
    }

    private long consumed(Admin admin) {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("offsets of " + group, e);
        }
    }

    /** All committed records of a topic. */
    List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Tail.follow(kafka, List.of(topic))
                .doOnNext(chunk -> records.addAll(chunk.records()))
                .takeUntil(Tail.Chunk::caughtUp)
                .blockLast(Duration.ofSeconds(20));
        return records;
    }

    /** Each number 0 to {@code count - 1} once, in order by key, with the sum that belongs to it. */
    void assertOutputsOf(int count) throws InterruptedException {
        // A commit is answered before its markers are on every partition. An open transaction would last 15 s.
        await(
                "outputs are there",
                Duration.ofSeconds(10),
                () -> committed(output).size() >= count);
        Map<String, List<String>> expected = new HashMap<>();
        Map<String, Long> sums = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = "k" + i % 20;
            expected.computeIfAbsent(key, k -> new ArrayList<>()).add(i + ":" + sums.merge(key, (long) i, Long::sum));
        }
        Map<String, List<String>> found = new HashMap<>();
        committed(output)
                .forEach(record -> found.computeIfAbsent(RunningSums.text(record.key()), k -> new ArrayList<>())
                        .add(RunningSums.text(record.value())));
        assertThat(found).isEqualTo(expected);
        Map<String, Long> restored = new HashMap<>();
        committed(changelog).stream()
                .filter(record -> !Positions.reserved(record))
                .forEach(record ->
                        restored.put(RunningSums.text(record.key()), Long.valueOf(RunningSums.text(record.value()))));
        assertThat(restored).isEqualTo(sums);
    }

    /** Members that the group's coordinator knows. */
    int members() {
        try (Admin admin = admin()) {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .mapToInt(description -> description.members().size())
                    .sum();
        } catch (ExecutionException e) {
            // Not described before its first member has come.
            assertThat(e).hasCauseInstanceOf(GroupIdNotFoundException.class);
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void await(String what, Duration within, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("within " + within + ": " + what)
                    .isNegative();
            Thread.sleep(5);
        }
    }
}
