/** Tests of the door, over real sockets on the loopback. */
@NullMarked
package io.straightedge.deploy.server;

import org.jspecify.annotations.NullMarked;
