/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.publisher.view;

import org.jspecify.annotations.NullMarked;
