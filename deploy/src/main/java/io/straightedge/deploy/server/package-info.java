/**
 * The one HTTP server: where it listens, who may come in, health and metrics. The stages bring their own routes. Built
 * and started by deploy.node.
 */
@NullMarked
package io.straightedge.deploy.server;

import org.jspecify.annotations.NullMarked;
