package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** A running bridge whose outcome a test can look at. */
final class Instance implements AutoCloseable {

    final RunningSums sums;
    final ExactlyOnce bridge;
    final AtomicLong committedRecords = new AtomicLong();
    final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    private final Disposable subscription;

    Instance(ExactlyOnce.Options options, Cluster cluster) {
        this(options, cluster, Clients.of(options));
    }

    Instance(ExactlyOnce.Options options, Cluster cluster, Clients clients) {
        this(options, cluster, clients, sums -> batches -> batches.map(sums::work));
    }

    Instance(ExactlyOnce.Options options, Cluster cluster, Consumer<Batch> before) {
        this(
                options,
                cluster,
                Clients.of(options),
                sums -> batches -> batches.doOnNext(before).map(sums::work));
    }

    Instance(
            ExactlyOnce.Options options,
            Cluster cluster,
            Clients clients,
            Function<RunningSums, Function<Flux<Batch>, Flux<Batch.Outputs>>> transform) {
        sums = cluster.sums();
        bridge = new ExactlyOnce(options, sums, clients, Duration.ofSeconds(3));
        subscription = bridge.run(transform.apply(sums))
                .subscribe(
                        outputs -> committedRecords.addAndGet(
                                outputs.batch().records().size()),
                        error::set);
    }

    void awaitCommitted(long records) throws InterruptedException {
        Cluster.await(records + " records committed", Duration.ofSeconds(30), () -> {
            Throwable failure = error.get();
            if (failure != null) {
                throw new AssertionError("the bridge ended", failure);
            }
            return committedRecords.get() >= records;
        });
    }

    /** Partitions whose state is whole. */
    long live() {
        return bridge.status().phases().values().stream()
                .filter(phase -> phase == Phase.LIVE)
                .count();
    }

    @Override
    public void close() {
        stop();
    }

    /** Stops like Ctrl-C; a second time does nothing. */
    void stop() {
        subscription.dispose();
        bridge.stopped().block(Duration.ofSeconds(20));
    }
}
