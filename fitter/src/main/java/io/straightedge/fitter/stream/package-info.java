/**
 * Wires the studies to Kafka: training events in, estimates out, state in the changelog, all in one transaction a batch.
 * Built and started by deploy. One thread works on the studies; the bridge's own thread owns the clients.
 */
@NullMarked
package io.straightedge.fitter.stream;

import org.jspecify.annotations.NullMarked;
