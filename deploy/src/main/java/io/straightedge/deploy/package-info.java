/** deploy. */
@NullMarked
package io.straightedge.deploy;

import org.jspecify.annotations.NullMarked;
