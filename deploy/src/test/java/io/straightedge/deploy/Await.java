package io.straightedge.deploy;

import java.time.Duration;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;

/** Waits for something to become true. */
final class Await {

    private static final Duration BETWEEN = Duration.ofMillis(50);

    private Await() {}

    /** Looks again and again; fails with {@code what} when the time is over. */
    static void until(String what, Duration within, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + within.toSeconds() + " s: " + what);
            }
            pause(BETWEEN);
        }
    }

    /** Lets time pass where the test is about time. */
    static void pause(Duration time) {
        Mono.delay(time).block();
    }
}
