/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.deploy.offline;

import org.jspecify.annotations.NullMarked;
