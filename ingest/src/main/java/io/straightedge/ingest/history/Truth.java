package io.straightedge.ingest.history;

/** What a forecast of the final loss is measured against. */
public enum Truth {
    /** The mean of the last 2 % of the steps, of one observation at least. */
    LAST2PCT,
    /** The evaluated final loss; where none is told, the last logged one. */
    EVALUATED
}
