/**
 * JSON to and from the messages, with schema versions. Stateless, safe on any thread.
 */
@NullMarked
package io.straightedge.protocol.codec;

import org.jspecify.annotations.NullMarked;
