/**
 * Deviations become alerts: what is worth telling, how bad it is, when it is over, and what belongs together. Functions of
 * messages in their order, whose times are the only ones there are: no Kafka, Reactor or clock. Called by the alert lane
 * and by the back-test; one thread at a time for each book.
 */
@NullMarked
package io.straightedge.publisher.rule;

import org.jspecify.annotations.NullMarked;
