/**
 * What estimates say in words that a user asks for: predictions of runs, recommendations for budgets, summaries of
 * laws. Pure functions of messages: no Kafka, Reactor or clock; any thread may call them.
 */
@NullMarked
package io.straightedge.publisher.predict;

import org.jspecify.annotations.NullMarked;
