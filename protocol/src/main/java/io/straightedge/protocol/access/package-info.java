/**
 * Who may do what: the words that the door and the routes behind it share. Immutable, thread-safe; no HTTP in here.
 */
@NullMarked
package io.straightedge.protocol.access;

import org.jspecify.annotations.NullMarked;
