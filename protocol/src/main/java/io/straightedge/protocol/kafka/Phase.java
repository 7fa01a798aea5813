package io.straightedge.protocol.kafka;

/** How far a partition is on its way from assigned to worked on. */
public enum Phase {
    /** Assigned, nothing known of it yet. */
    REGISTERED,
    /** Its state is being rebuilt. */
    RESTORING,
    /** Its state is whole: its records are handed on. */
    LIVE;

    /** Whether this phase may be followed by the one given; from any phase the partition may also leave. */
    boolean precedes(Phase next) {
        return switch (this) {
            case REGISTERED -> next == RESTORING;
            case RESTORING -> next == LIVE;
            case LIVE -> false;
        };
    }
}
