package io.straightedge.ingest.replay;

/** A file that is not a file of curves; the text says where and why, for the person who gave it. */
public final class CurveFileException extends Exception {

    private static final long serialVersionUID = 1;

    CurveFileException(String message) {
        super(message);
    }
}
