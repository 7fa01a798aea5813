package io.straightedge.publisher.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a sink answered. What it said beside the status is not kept: it may be anything.
 *
 * @param status of HTTP
 * @param retryAfter how long it asks to be left alone; null where it does not
 */
record Reply(int status, @Nullable Duration retryAfter) {

    static final Reply OK = new Reply(200, null);

    boolean taken() {
        return status / 100 == 2;
    }

    /** Whether the same may be taken later: it is busy, was too slow, or has a fault of its own. */
    boolean worthAnotherTry() {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    /** Whether it wants nothing ever again. */
    boolean gone() {
        return status == 410;
    }
}
