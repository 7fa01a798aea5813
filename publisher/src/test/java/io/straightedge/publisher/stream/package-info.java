/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.publisher.stream;

import org.jspecify.annotations.NullMarked;
