/**
 * Puts the parts together: broker, topics, stages, server, in the order in which they need one another, and takes them
 * apart in reverse. The only place that subscribes. Called by the commands.
 */
@NullMarked
package io.straightedge.deploy.node;

import org.jspecify.annotations.NullMarked;
