/**
 * The prediction lane: joins curve and law estimates of one partition and writes predictions and recommendations,
 * exactly once. Wiring and per-partition state only; {@code deploy} starts it. One serial lane, no locks.
 */
@NullMarked
package io.straightedge.publisher.stream;

import org.jspecify.annotations.NullMarked;
