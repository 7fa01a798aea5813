/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.deploy.command;

import org.jspecify.annotations.NullMarked;
