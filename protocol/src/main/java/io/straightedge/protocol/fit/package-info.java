/**
 * What the fitter says: curve and law estimates, deviations, forecast scores. Immutable values, safe on any thread.
 */
@NullMarked
package io.straightedge.protocol.fit;

import org.jspecify.annotations.NullMarked;
