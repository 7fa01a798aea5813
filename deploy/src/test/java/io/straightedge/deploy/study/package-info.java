/** Replays of published runs, to see whether advice would have paid. */
@NullMarked
package io.straightedge.deploy.study;

import org.jspecify.annotations.NullMarked;
