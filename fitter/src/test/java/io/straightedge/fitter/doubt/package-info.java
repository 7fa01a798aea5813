/** Tests of the package of the same name, on ladders with planted slips, published tables and real sets. */
@NullMarked
package io.straightedge.fitter.doubt;

import org.jspecify.annotations.NullMarked;
