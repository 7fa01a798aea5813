package io.straightedge.ingest.otlp;

/** A request that is not OTLP; the message tells the sender. Carries no stack trace. */
public final class OtlpException extends Exception {

    private static final long serialVersionUID = 1;

    OtlpException(String message) {
        super(message, null, false, false);
    }
}
