package io.straightedge.ingest.mlflow;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Waits a little for what another gateway may just have stored. */
final class Waiting {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int LOOKS = 10;

    private Waiting() {}

    /** It, as soon as it is there; empty when it does not come. */
    static <T> Mono<T> forA(Supplier<? extends @Nullable T> it) {
        T there = it.get();
        if (there != null) {
            return Mono.just(there);
        }
        return Mono.<T>fromSupplier(it)
                .repeatWhenEmpty(LOOKS, looks -> looks.delayElements(BETWEEN_LOOKS))
                .onErrorResume(IllegalStateException.class, tooOften -> Mono.empty());
    }
}
