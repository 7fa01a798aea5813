/** Tests of the package of the same name, against closed forms, peers and real curves. */
@NullMarked
package io.straightedge.fitter.law;

import org.jspecify.annotations.NullMarked;
