/**
 * What the publisher says: predictions, recommendations, alerts. Immutable values, safe on any thread.
 */
@NullMarked
package io.straightedge.protocol.signal;

import org.jspecify.annotations.NullMarked;
