/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.publisher.predict;

import org.jspecify.annotations.NullMarked;
