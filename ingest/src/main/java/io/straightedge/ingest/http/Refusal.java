package io.straightedge.ingest.http;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error status as a whole; carries no stack trace. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable Integer retryAfterSeconds;

    Refusal(int status, String message) {
        this(status, message, null);
    }

    Refusal(int status, String message, @Nullable Integer retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** When to come again; null when coming again does not help. */
    public @Nullable Integer retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** The status to answer with. */
    public int status() {
        return status;
    }
}
