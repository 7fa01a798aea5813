/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.publisher.http;

import org.jspecify.annotations.NullMarked;
