package io.straightedge.ingest.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says in the log that Kafka does not store what is sent: the first time at once, then every ten seconds with how many
 * requests it was. While Kafka is away every request fails, and their number is for others to choose. Thread-safe.
 */
public final class NotStored {

    private static final long APART_NANOS = Duration.ofSeconds(10).toNanos();

    private final Consumer<String> log;
    private final String what;
    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final AtomicLong requests = new AtomicLong();

    /** @param what was not stored, as the beginning of a sentence */
    public NotStored(Logger log, String what) {
        this(log::warn, what, System::nanoTime);
    }

    NotStored(Consumer<String> log, String what, LongSupplier nanoTime) {
        this.log = log;
        this.what = what;
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** One more request was not stored. */
    public void because(Throwable cause) {
        requests.incrementAndGet();
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + APART_NANOS)) {
            log.accept(what + " were not stored, in " + requests.getAndSet(0) + " request(s): " + cause);
        }
    }
}
