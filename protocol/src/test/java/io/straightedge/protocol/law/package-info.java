/** Tests of the laws against closed forms and simulation. */
@NullMarked
package io.straightedge.protocol.law;

import org.jspecify.annotations.NullMarked;
