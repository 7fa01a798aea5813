package io.straightedge.protocol.kafka;

import java.time.Duration;

/**
 * How long to leave Kafka alone after failures in a row: 100 ms, doubled each time, at most 5 s.
 *
 * <p>Not thread-safe; time is a parameter ({@code System.nanoTime}).
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Duration next = FIRST;
    private boolean waiting;
    private long untilNanos;

    /** Whether the time since the last failure is not yet over. */
    boolean waiting(long nowNanos) {
        waiting = waiting && nowNanos - untilNanos < 0;
        return waiting;
    }

    /** Another failure; returns how long the wait will be. */
    Duration failed(long nowNanos) {
        Duration wait = next;
        waiting = true;
        untilNanos = nowNanos + wait.toNanos();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return wait;
    }

    /** Something worked: the next failure is a first one. */
    void succeeded() {
        waiting = false;
        next = FIRST;
    }
}
