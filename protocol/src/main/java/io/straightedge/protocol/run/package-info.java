/**
 * What training jobs say: study, manifest, loss, end, command, tick. Written by ingest and by any Kafka client, read by
 * the fitter and the publisher. Immutable values, safe on any thread.
 */
@NullMarked
package io.straightedge.protocol.run;

import org.jspecify.annotations.NullMarked;
