package io.straightedge.protocol.kafka;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Where the loop's thread and the threads of the Flux meet: a batch goes out, its outputs come back, one at a time.
 *
 * <p>Any thread may bring outputs, demand or the end; only the loop's thread waits.
 */
final class Exchange {

    private final FluxSink<Batch> batches;
    private final Semaphore signals = new Semaphore(0);
    private final AtomicReference<@Nullable Settlement> returned = new AtomicReference<>();
    private volatile boolean stopped;

    /** Outputs that have come back, and who waits to hear of their commit. */
    record Settlement(Batch.Outputs outputs, MonoSink<Batch.Outputs> sink) {}

    Exchange(FluxSink<Batch> batches) {
        this.batches = batches;
        batches.onRequest(count -> signals.release());
        batches.onDispose(() -> {
            stopped = true;
            signals.release();
        });
    }

    /** Hands outputs back; emits them when they are committed, nothing when the batch was taken back. */
    Mono<Batch.Outputs> settle(Batch.Outputs outputs) {
        return Mono.create(sink -> {
            if (!returned.compareAndSet(null, new Settlement(outputs, sink))) {
                sink.error(new IllegalStateException(
                        "more than one Outputs for batch " + outputs.batch().number()));
            }
            signals.release();
        });
    }

    boolean stopped() {
        return stopped;
    }

    boolean demand() {
        return !stopped && batches.requestedFromDownstream() > 0;
    }

    void emit(Batch batch) {
        batches.next(batch);
    }

    /** What has come back, or null. */
    @Nullable
    Settlement take() {
        return returned.getAndSet(null);
    }

    /** Returns early when something has come back, more is asked for, or the end. */
    void await(long milliseconds) {
        try {
            if (signals.tryAcquire(milliseconds, TimeUnit.MILLISECONDS)) {
                signals.drainPermits();
            }
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    /** The loop has ended: by itself when there is a failure, else because nobody listens any more. */
    void ended(@Nullable Throwable failure) {
        Settlement waiting = take();
        if (failure == null) {
            batches.complete();
            return;
        }
        if (waiting != null) {
            waiting.sink().error(failure);
        }
        batches.error(failure);
    }
}
