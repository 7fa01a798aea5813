/**
 * The demonstration: plays the simulated ladder into a node and judges what comes out against the truth that the
 * simulation alone knows. Called by the demo command.
 */
@NullMarked
package io.straightedge.deploy.demo;

import org.jspecify.annotations.NullMarked;
