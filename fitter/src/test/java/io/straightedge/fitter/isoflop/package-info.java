/** Tests of the package of the same name, against closed forms, published exponents and real ladders. */
@NullMarked
package io.straightedge.fitter.isoflop;

import org.jspecify.annotations.NullMarked;
