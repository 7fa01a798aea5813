/**
 * Histories of finished runs as the events that a live study would have got: curve CSVs and the LossCast layout. Pure but
 * for reading files; immutable values, safe on any thread.
 */
@NullMarked
package io.straightedge.ingest.history;

import org.jspecify.annotations.NullMarked;
