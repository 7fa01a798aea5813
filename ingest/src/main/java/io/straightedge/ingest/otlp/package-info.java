/**
 * OpenTelemetry's metrics as training events: which of them are losses, of which run, at which step. Pure; the route is
 * in {@code ingest.http}.
 */
@NullMarked
package io.straightedge.ingest.otlp;

import org.jspecify.annotations.NullMarked;
