package io.straightedge.protocol.access;

/** What a token allows, in the studies that it is for. None contains another. */
public enum Scope {

    /** Sending training events. */
    INGEST,

    /** Reading what is known and forecast; in all studies also the process's own metrics. */
    READ,

    /** Commands: silencing, acknowledging, excluding, forgetting. */
    ADMIN
}
