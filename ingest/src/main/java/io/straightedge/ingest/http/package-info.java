/**
 * The HTTP way in: {@code POST /v1/events}. Event-loop threads only move bytes; decoding runs on Reactor's parallel
 * scheduler and writing is the writer's business.
 */
@NullMarked
package io.straightedge.ingest.http;

import org.jspecify.annotations.NullMarked;
