/** Tests of the embedded broker. */
@NullMarked
package io.straightedge.deploy.broker;

import org.jspecify.annotations.NullMarked;
