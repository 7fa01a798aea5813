package io.straightedge.protocol.kafka;

import java.util.concurrent.Semaphore;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Works on another thread, and only on as many batches as a test lets pass. */
final class Gate {

    private final Semaphore permits = new Semaphore(0);

    Function<Flux<Batch>, Flux<Batch.Outputs>> around(RunningSums sums) {
        return batches -> batches.publishOn(Schedulers.newSingle("gate", true), false, 1)
                .map(batch -> {
                    permits.acquireUninterruptibly();
                    return sums.work(batch);
                });
    }

    /** Whether a batch has come and is held up. */
    boolean waiting() {
        return permits.hasQueuedThreads();
    }

    void pass(int times) {
        permits.release(times);
    }

    void open() {
        permits.release(1 << 20);
    }
}
