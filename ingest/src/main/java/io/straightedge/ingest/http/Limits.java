package io.straightedge.ingest.http;

import java.time.Duration;

/**
 * What one request may cost.
 *
 * @param bodyBytes of the body as sent
 * @param inflatedBytes of a gzip body once inflated
 * @param inflationRatio inflated over sent bytes; only looked at above 64 KiB, where a small body's ratio means nothing
 * @param eventBytes of one event as it is written to Kafka
 * @param bodyDeadline from the first to the last byte of the body
 * @param storeDeadline until Kafka has stored the events
 */
public record Limits(
        int bodyBytes,
        int inflatedBytes,
        int inflationRatio,
        int eventBytes,
        Duration bodyDeadline,
        Duration storeDeadline) {

    /** 1 MiB sent, 8 MiB inflated at up to 100 to 1, 256 KiB an event, 30 s to send, 10 s to store. */
    public static final Limits DEFAULT =
            new Limits(1 << 20, 8 << 20, 100, 256 << 10, Duration.ofSeconds(30), Duration.ofSeconds(10));
}
