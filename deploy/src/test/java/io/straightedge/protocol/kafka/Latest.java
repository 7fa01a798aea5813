package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Remembers the latest value by key and writes nothing. */
final class Latest implements PartitionState {

    final Map<String, String> values = new ConcurrentHashMap<>();
    final AtomicInteger restored = new AtomicInteger();
    final AtomicInteger worked = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    private @Nullable ExactlyOnce bridge;

    @Override
    public void assign(int partition) {}

    @Override
    public void restore(int partition, ConsumerRecord<byte[], byte[]> record) {
        restored.incrementAndGet();
        remember(record);
    }

    @Override
    public void drop(int partition) {}

    private void remember(ConsumerRecord<byte[], byte[]> record) {
        values.put(RunningSums.text(record.key()), RunningSums.text(record.value()));
    }

    Disposable run(ExactlyOnce.Options options) {
        ExactlyOnce fresh = new ExactlyOnce(options, this);
        bridge = fresh;
        return fresh.run(batches -> batches.map(batch -> {
                    batch.records().forEach(this::remember);
                    worked.addAndGet(batch.records().size());
                    return batch.with(List.of());
                }))
                .subscribe(outputs -> {}, error::set);
    }

    boolean live() {
        return bridge != null && bridge.status().live();
    }

    void awaitStopped() {
        if (bridge != null) {
            bridge.stopped().block(Duration.ofSeconds(20));
        }
    }
}
