/**
 * Wiring only: plays timed events at a pace and writes them to Kafka in order. Called by the command and the HTTP
 * route.
 */
@NullMarked
package io.straightedge.ingest.stream;

import org.jspecify.annotations.NullMarked;
