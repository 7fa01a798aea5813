package io.straightedge.protocol.codec;

/** Bytes that are not the message they should be; the text says what is wrong and is safe to show. */
public final class MessageException extends Exception {

    private static final long serialVersionUID = 1;

    MessageException(String message) {
        super(message);
    }
}
