/** protocol. */
@NullMarked
package io.straightedge.protocol;

import org.jspecify.annotations.NullMarked;
