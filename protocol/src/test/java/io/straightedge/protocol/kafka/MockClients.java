package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own mock clients; the reader reads what the producers have committed. */
final class MockClients implements Clients {

    /** Counts its polls and lets a test speak to its rebalance listener. */
    static final class Member extends MockConsumer<byte[], byte[]> {
        final AtomicLong polls = new AtomicLong();
        volatile @Nullable ConsumerRebalanceListener listener;

        Member() {
            super("earliest");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener its) {
            listener = its;
            super.subscribe(topics, its);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.incrementAndGet();
            return super.poll(timeout);
        }
    }

    final Member member = new Member();
    final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();

    MockClients(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        partitions.forEach(partition -> beginnings.put(partition, 0L));
        member.updateBeginningOffsets(beginnings);
        member.updateEndOffsets(beginnings);
    }

    MockProducer<byte[], byte[]> producer(int index) {
        return producers.get(index);
    }

    List<ProducerRecord<byte[], byte[]>> committed() {
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        producers.forEach(producer -> all.addAll(producer.history()));
        return all;
    }

    @Override
    public Consumer<byte[], byte[]> member() {
        return member;
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(producer);
        return producer;
    }

    @Override
    public Consumer<byte[], byte[]> gauge() {
        return reader();
    }

    @Override
    public Consumer<byte[], byte[]> reader() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> logs = new HashMap<>();
        for (ProducerRecord<byte[], byte[]> record : committed()) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            List<ConsumerRecord<byte[], byte[]>> log = logs.computeIfAbsent(partition, its -> new ArrayList<>());
            log.add(new ConsumerRecord<>(record.topic(), record.partition(), log.size(), record.key(), record.value()));
        }
        MockConsumer<byte[], byte[]> reader = new MockConsumer<>("earliest") {
            @Override
            public synchronized void assign(Collection<TopicPartition> partitions) {
                super.assign(partitions);
                partitions.forEach(partition -> {
                    seek(partition, 0);
                    logs.getOrDefault(partition, List.of()).forEach(this::addRecord);
                });
            }

            @Override
            public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
                Map<TopicPartition, Long> beginnings = new HashMap<>();
                partitions.forEach(partition -> beginnings.put(partition, 0L));
                return beginnings;
            }

            @Override
            public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
                Map<TopicPartition, Long> ends = new HashMap<>();
                partitions.forEach(partition -> ends.put(partition, (long)
                        logs.getOrDefault(partition, List.of()).size()));
                return ends;
            }
        };
        // One record a poll: partitions are restored one after the other.
        reader.setMaxPollRecords(1);
        return reader;
    }
}
