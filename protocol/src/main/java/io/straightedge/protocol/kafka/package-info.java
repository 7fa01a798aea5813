/**
 * Topics and the one bridge between Kafka clients and Flux. One thread owns each client; the wiring packages of the
 * stages call it, nothing else does.
 */
@NullMarked
package io.straightedge.protocol.kafka;

import org.jspecify.annotations.NullMarked;
