package io.straightedge.publisher.notify;

import java.time.Duration;

/**
 * How fast the notifier works.
 *
 * @param tick how often it looks at what is to be told
 * @param firstWait after a failure; doubled with each further one
 * @param longestWait after many
 */
record Pace(Duration tick, Duration firstWait, Duration longestWait) {

    static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(60));

    private static final int MOST_DOUBLINGS = 20;

    /**
     * How long to wait after so many failures in a row.
     *
     * @param chance in [0, 1): the wait is between a half and the whole, so that those who failed together come back apart
     */
    Duration waitAfter(int failures, double chance) {
        long doubled = firstWait.toMillis() << Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1));
        long whole = Math.min(longestWait.toMillis(), doubled);
        return Duration.ofMillis(Math.round(whole * (0.5 + 0.5 * chance)));
    }
}
