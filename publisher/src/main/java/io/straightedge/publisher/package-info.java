/** publisher. */
@NullMarked
package io.straightedge.publisher;

import org.jspecify.annotations.NullMarked;
