/**
 * From scales and covariances to intervals: conformal factors, normal quantiles. Pure mathematics, immutable, safe on
 * any thread.
 */
@NullMarked
package io.straightedge.fitter.interval;

import org.jspecify.annotations.NullMarked;
