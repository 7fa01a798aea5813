/**
 * The {@code straightedge} command's entry. Everything else of deploy lies below: commands, node, server, broker, demo.
 */
@NullMarked
package io.straightedge.deploy;

import org.jspecify.annotations.NullMarked;
