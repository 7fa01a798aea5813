package io.straightedge.fitter.state;

/** What became of an event; every event is exactly one of these. */
public enum Applied {
    /** It changed what is known. */
    APPLIED,
    /** Seen before: same run, attempt, split, step and value. */
    DUPLICATE,
    /** Behind what has been seen already, and not a restart. */
    LATE,
    /** It belongs to another partition and went there. */
    FORWARDED,
    /** It is not an event; it went to the dead letters. */
    DEAD_LETTER
}
