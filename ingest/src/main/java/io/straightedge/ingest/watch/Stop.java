package io.straightedge.ingest.watch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends waiting when the process is told to stop. Thread-safe. */
public final class Stop {

    private final CountDownLatch asked = new CountDownLatch(1);

    /** Whoever waits, now or later, is woken. */
    public void now() {
        asked.countDown();
    }

    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** Waits, or returns early with true when told to stop. */
    public boolean within(Duration time) throws InterruptedException {
        return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
