/**
 * A real Kafka broker inside this JVM: broker and KRaft controller in one, on loopback only. Its classes come from
 * Kafka's own jars and are no public API of Kafka; only this package touches them.
 */
@NullMarked
package io.straightedge.deploy.broker;

import org.jspecify.annotations.NullMarked;
