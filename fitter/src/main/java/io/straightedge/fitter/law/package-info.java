/**
 * Estimators of scaling laws from (N, D, L) points: approach 3 on its exact objective. Pure mathematics, deterministic:
 * no clock, no random numbers. Fits are immutable values.
 */
@NullMarked
package io.straightedge.fitter.law;

import org.jspecify.annotations.NullMarked;
