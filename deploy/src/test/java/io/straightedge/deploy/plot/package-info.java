/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.deploy.plot;

import org.jspecify.annotations.NullMarked;
