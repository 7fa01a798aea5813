package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the other container tests rely on: transactions, data that outlives a kill, and a pause that clients survive. */
@Timeout(120)
final class ContainerBrokerIT {

    private static ContainerBroker broker;

    @BeforeAll
    static void open() {
        broker = ContainerBroker.open();
    }

    @AfterAll
    static void close() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void readCommitted_commitAndAbort_seesCommittedRecordsOnly() throws Exception {
        topic("transactions");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "container-smoke"))) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 4; transaction++) {
                producer.beginTransaction();
                for (int i = 0; i < 10; i++) {
                    // A failed send fails the commit.
                    Future<RecordMetadata> unused = producer.send(record("transactions", transaction + "/" + i));
                }
                if (transaction % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        assertThat(readCommitted("transactions"))
                .hasSize(20)
                .startsWith("0/0", "0/1")
                .endsWith("2/8", "2/9")
                .noneMatch(value -> value.startsWith("1/") || value.startsWith("3/"));
    }

    @Test
    void start_afterKill_keepsTheDataOnTheSamePort() throws Exception {
        topic("survivors");
        String before = broker.bootstrapServers();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(record("survivors", "before")).get(30, TimeUnit.SECONDS);
            broker.kill();
            broker.start();
            assertThat(broker.bootstrapServers()).isEqualTo(before);
            producer.send(record("survivors", "after")).get(60, TimeUnit.SECONDS);
        }
        assertThat(readCommitted("survivors")).containsExactly("before", "after");
    }

    @Test
    void resume_afterPause_finishesWhatWasSentMeanwhile() throws Exception {
        topic("paused");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            // send() blocks without metadata, so the producer has to have some before the pause.
            producer.send(record("paused", "before")).get(30, TimeUnit.SECONDS);
            Future<RecordMetadata> meanwhile;
            broker.pause();
            try {
                meanwhile = producer.send(record("paused", "meanwhile"));
                assertThat(meanwhile.isDone()).isFalse();
            } finally {
                broker.resume();
            }
            meanwhile.get(60, TimeUnit.SECONDS);
        }
        assertThat(readCommitted("paused")).containsExactly("before", "meanwhile");
    }

    private static void topic(String name) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
        return new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    /** All committed values up to the end of the topic as it is now. */
    private static List<String> readCommitted(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }
}
