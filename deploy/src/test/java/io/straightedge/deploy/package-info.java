/** End-to-end tests, and the one broker fixture that they share. */
@NullMarked
package io.straightedge.deploy;

import org.jspecify.annotations.NullMarked;
