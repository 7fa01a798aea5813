package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of an installation. */
public final class TopicSetup {

    /** How long an existing or a new topic may take to have a leader for each partition. */
    private static final Duration USABLE_WITHIN = Duration.ofSeconds(60);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private static final String SILENT = "Kafka does not answer within " + ANSWER_WITHIN.toSeconds()
            + " s: is it running, and are host, port and security settings right?";

    private TopicSetup() {}

    /**
     * Creates the topics that are missing and returns when all can be used.
     *
     * <p>Blocks; at least two round trips.
     *
     * @throws IllegalStateException when a topic exists with another number of partitions, or the topics do not become
     *     usable
     */
    public static void ensure(KafkaSettings kafka, int partitions, short replication) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions is " + partitions + ": at least 1 is needed");
        }
        try (Admin admin = Admin.create(impatient(kafka.admin()))) {
            create(admin, partitions, replication);
            awaitUsable(admin, partitions);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were being created", e);
        }
    }

    /**
     * Partitions of every topic of an installation that is there already.
     *
     * <p>Blocks.
     *
     * @throws IllegalStateException when Kafka does not answer, or there is no installation, saying what to do
     */
    public static int partitions(KafkaSettings kafka) {
        try (Admin admin = Admin.create(impatient(kafka.admin()))) {
            return admin.describeTopics(List.of(Topics.TRAINING_EVENTS))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException(
                        "there is no topic " + Topics.TRAINING_EVENTS + " on " + kafka.bootstrapServers()
                                + ": start straightedge there first (straightedge up)",
                        e.getCause());
            }
            throw new IllegalStateException(
                    e.getCause() instanceof TimeoutException
                            ? SILENT
                            : "the topics cannot be looked at: " + e.getCause(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were being looked at", e);
        }
    }

    /** A new topic's leader is there in milliseconds: the client's own waits of 0.1 to 1 s are most of a first start. */
    private static Map<String, Object> impatient(Map<String, Object> settings) {
        Map<String, Object> impatient = new HashMap<>(settings);
        impatient.putIfAbsent(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, BETWEEN_LOOKS.toMillis());
        impatient.putIfAbsent(AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, BETWEEN_LOOKS.toMillis());
        impatient.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        impatient.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis() / 2);
        return impatient;
    }

    /** One call for all: the broker answers topic by topic which of them were there before. */
    private static void create(Admin admin, int partitions, short replication) throws InterruptedException {
        List<NewTopic> topics = Topics.all().stream()
                .map(name -> new NewTopic(name, partitions, replication).configs(configuration(name)))
                .toList();
        for (Map.Entry<String, KafkaFuture<Void>> creation :
                admin.createTopics(topics).values().entrySet()) {
            try {
                creation.getValue().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TimeoutException) {
                    throw new IllegalStateException(SILENT, e.getCause());
                }
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw new IllegalStateException(
                            "topic " + creation.getKey() + " cannot be created: " + e.getCause(), e.getCause());
                }
            }
        }
    }

    private static void awaitUsable(Admin admin, int partitions) throws InterruptedException {
        long deadline = System.nanoTime() + USABLE_WITHIN.toNanos();
        while (!usable(admin, partitions)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the topics have partitions without a leader for "
                        + USABLE_WITHIN.toSeconds() + " s: are all brokers up?");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private static boolean usable(Admin admin, int partitions) throws InterruptedException {
        Map<String, TopicDescription> found;
        try {
            found = admin.describeTopics(Topics.all()).allTopicNames().get();
        } catch (ExecutionException e) {
            // A broker may not have heard yet of a topic that the controller has just made.
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new IllegalStateException("the topics cannot be looked at: " + e.getCause(), e.getCause());
        }
        List<String> mismatches = new ArrayList<>();
        boolean led = true;
        for (TopicDescription topic : found.values()) {
            if (topic.partitions().size() != partitions) {
                mismatches.add(topic.name() + " has " + topic.partitions().size());
            }
            led &= topic.partitions().stream().allMatch(partition -> partition.leader() != null);
        }
        if (!mismatches.isEmpty()) {
            mismatches.sort(null);
            throw new IllegalStateException("every topic must have " + partitions + " partitions, but "
                    + String.join(", ", mismatches)
                    + ": start with the number of partitions that the installation was created with, "
                    + "or replay training-events into new topics");
        }
        return led && online(admin, found.values());
    }

    /**
     * Whether every leader answers for its partition. A broker tells of a new topic a moment before it can append to
     * it; an idempotent producer that meets this moment with several batches under way may see a later batch accepted
     * before the first, which then is refused for ever (OutOfOrderSequence).
     */
    private static boolean online(Admin admin, Collection<TopicDescription> topics) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicDescription topic : topics) {
            topic.partitions()
                    .forEach(info -> ends.put(new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest()));
        }
        try {
            return admin.listOffsets(ends).all().get().size() == ends.size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new IllegalStateException("the topics' partitions do not answer: " + e.getCause(), e.getCause());
        }
    }

    private static Map<String, String> configuration(String topic) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.MAX_RECORD_BYTES));
        if (Topics.compacted(topic)) {
            // Only closed segments are compacted: roll them hourly, so that a restore reads little more than the
            // latest record per key.
            configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            configuration.put(
                    TopicConfig.SEGMENT_MS_CONFIG,
                    Long.toString(Duration.ofHours(1).toMillis()));
            configuration.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(64 << 20));
            configuration.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2");
        } else {
            configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            configuration.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(Duration.ofDays(30).toMillis()));
        }
        return configuration;
    }
}
