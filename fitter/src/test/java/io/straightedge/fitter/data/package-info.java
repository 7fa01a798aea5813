/** Real curves and points for the tests, where the data folder is there. */
@NullMarked
package io.straightedge.fitter.data;

import org.jspecify.annotations.NullMarked;
