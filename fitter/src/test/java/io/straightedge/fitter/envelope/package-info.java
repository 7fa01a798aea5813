/** Tests of the package of the same name, against closed forms and real curves. */
@NullMarked
package io.straightedge.fitter.envelope;

import org.jspecify.annotations.NullMarked;
