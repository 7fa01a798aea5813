/** Tests of who may come in. */
@NullMarked
package io.straightedge.deploy.access;

import org.jspecify.annotations.NullMarked;
