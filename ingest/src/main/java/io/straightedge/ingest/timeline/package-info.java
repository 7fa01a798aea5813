/**
 * Events with the moment at which they are due, and the pace at which to play them. Pure; safe on any thread.
 */
@NullMarked
package io.straightedge.ingest.timeline;

import org.jspecify.annotations.NullMarked;
