/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.publisher.rule;

import org.jspecify.annotations.NullMarked;
