/**
 * What raw points say against a law of them before one is fitted: layout, units, misprints. {@code DataDoubts} asks the
 * rules in their order; {@code PointNotes} is what is known of points beside their numbers. Called by fits of files. Pure
 * functions and immutable values, safe on any thread: no clock, no random numbers.
 */
@NullMarked
package io.straightedge.fitter.doubt;

import org.jspecify.annotations.NullMarked;
