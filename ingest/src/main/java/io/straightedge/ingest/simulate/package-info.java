/**
 * A seeded ladder of training runs with a known law and known faults. Pure: the same seed gives the same bytes.
 */
@NullMarked
package io.straightedge.ingest.simulate;

import org.jspecify.annotations.NullMarked;
