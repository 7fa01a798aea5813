package io.straightedge.protocol.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Adds up numbers by key. Each input gives one output, {@code number:sum}, so that one lost, doubled or disordered
 * record, or a state that is not what was committed, shows in every later output of its key.
 */
final class RunningSums implements PartitionState {

    private final String output;
    private final String changelog;

    /** By partition, then key. A partition is here from assign to drop. */
    final Map<Integer, Map<String, Long>> sums = new ConcurrentHashMap<>();

    RunningSums(String output, String changelog) {
        this.output = output;
        this.changelog = changelog;
    }

    @Override
    public void assign(int partition) {
        if (sums.put(partition, new ConcurrentHashMap<>()) != null) {
            throw new IllegalStateException("partition " + partition + " assigned twice");
        }
    }

    @Override
    public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
        of(partition).put(text(record.key()), Long.valueOf(text(record.value())));
    }

    @Override
    public void drop(int partition) {
        if (sums.remove(partition) == null) {
            throw new IllegalStateException("partition " + partition + " dropped but never assigned");
        }
    }

    Batch.Outputs work(Batch batch) {
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        Map<String, ProducerRecord<byte[], byte[]>> changed = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            String key = text(record.key());
            long number = Long.parseLong(text(record.value()));
            long sum = of(record.partition()).merge(key, number, Long::sum);
            outputs.add(new ProducerRecord<>(output, record.partition(), record.key(), bytes(number + ":" + sum)));
            changed.put(key, new ProducerRecord<>(changelog, record.partition(), record.key(), bytes("" + sum)));
        }
        outputs.addAll(changed.values());
        return batch.with(outputs);
    }

    private Map<String, Long> of(int partition) {
        Map<String, Long> its = sums.get(partition);
        if (its == null) {
            throw new IllegalStateException("partition " + partition + " is not assigned");
        }
        return its;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
