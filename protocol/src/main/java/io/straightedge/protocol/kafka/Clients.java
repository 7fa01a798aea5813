package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients that one bridge owns, and says how each is set up. */
interface Clients {

    /**
     * Largest batch, in records. A sparse curve may be fitted again at every record, so more would let a rebalance and
     * the page wait for seconds; less would make the commits cost more than the work.
     */
    int BATCH_RECORDS = 500;

    /** Time after which the coordinator aborts a transaction whose producer has gone, ms. */
    int TRANSACTION_TIMEOUT_MS = 15_000;

    /** Longest that a call of the producer blocks the loop, ms. */
    int MAX_BLOCK_MS = 15_000;

    /** Above {@link Topics#MAX_RECORD_BYTES}, with room for headers and for what goes out with a record. */
    int MAX_REQUEST_BYTES = Topics.MAX_RECORD_BYTES + (1 << 20);

    /** A member of the group. */
    Consumer<byte[], byte[]> member();

    /** A reader outside any group. */
    Consumer<byte[], byte[]> reader();

    /** Knows the ends of topics as they are written, transactions in doubt included; for asking only. */
    Consumer<byte[], byte[]> gauge();

    /** A transactional producer, not yet initialised. */
    Producer<byte[], byte[]> producer();

    /** Real clients. */
    static Clients of(ExactlyOnce.Options options) {
        return new Clients() {
            @Override
            public Consumer<byte[], byte[]> member() {
                return new KafkaConsumer<>(
                        memberSettings(options), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            }

            @Override
            public Consumer<byte[], byte[]> reader() {
                return Clients.reader(options.kafka(), options.transactionalId() + "-restore");
            }

            @Override
            public Consumer<byte[], byte[]> gauge() {
                return new KafkaConsumer<>(
                        gaugeSettings(options), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            }

            @Override
            public Producer<byte[], byte[]> producer() {
                return Clients.producer(options.kafka(), options.transactionalId());
            }
        };
    }

    /** A transactional producer, not yet initialised. */
    static Producer<byte[], byte[]> producer(KafkaSettings kafka, String transactionalId) {
        return new KafkaProducer<>(
                producerSettings(kafka, transactionalId), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A committed-only reader outside any group, from the beginning unless told otherwise. */
    static Consumer<byte[], byte[]> reader(KafkaSettings kafka, String clientId) {
        return new KafkaConsumer<>(
                kafka.consumer(
                        Map.of(
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                2_000,
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                Topics.MAX_RECORD_BYTES),
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                clientId,
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Settings of {@link #gauge}. */
    static Map<String, Object> gaugeSettings(ExactlyOnce.Options options) {
        return options.kafka()
                .consumer(
                        Map.of(),
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                options.transactionalId() + "-ends",
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_uncommitted",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false));
    }

    /** Settings of {@link #member}. */
    static Map<String, Object> memberSettings(ExactlyOnce.Options options) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH_RECORDS);
        defaults.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.MAX_RECORD_BYTES);
        Map<String, Object> required = new HashMap<>();
        required.put(ConsumerConfig.CLIENT_ID_CONFIG, options.transactionalId());
        required.put(ConsumerConfig.GROUP_ID_CONFIG, options.group());
        required.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        required.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        required.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        switch (options.protocol()) {
            case CONSUMER -> {
                required.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
                required.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range");
            }
            case CLASSIC -> {
                required.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
                required.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
                defaults.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
                defaults.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
            }
        }
        return options.kafka().consumer(defaults, required);
    }

    /** Settings of {@link #producer}. */
    static Map<String, Object> producerSettings(KafkaSettings kafka, String transactionalId) {
        return kafka.producer(
                Map.of(
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        MAX_BLOCK_MS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        5_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        MAX_BLOCK_MS,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_REQUEST_BYTES),
                Map.of(
                        ProducerConfig.CLIENT_ID_CONFIG,
                        transactionalId,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_TIMEOUT_MS,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true));
    }

    /** How a member leaves: at once, telling the group. */
    static CloseOptions leaving() {
        return CloseOptions.timeout(Duration.ofSeconds(5))
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    }
}
