/** fitter. */
@NullMarked
package io.straightedge.fitter;

import org.jspecify.annotations.NullMarked;
