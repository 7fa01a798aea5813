/**
 * Brings alerts to people: which sink is to be told what, and how each kind of sink is spoken to. At least once, with an
 * idempotency key; always the present state, never a backlog. Called by the alert lane and by {@code alerts test}.
 */
@NullMarked
package io.straightedge.publisher.notify;

import org.jspecify.annotations.NullMarked;
