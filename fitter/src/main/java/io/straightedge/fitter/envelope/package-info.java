/**
 * Approach 1: the lower envelope of the runs' curves of loss over C, and how N* and D* grow along it, from {@code law}'s
 * points. {@code EnvelopeFit} finds it. Called by fits of files. Pure mathematics, deterministic: no clock, no random
 * numbers. Everything is immutable and safe on any thread.
 */
@NullMarked
package io.straightedge.fitter.envelope;

import org.jspecify.annotations.NullMarked;
