/**
 * Approach 2: the least loss of each budget and how N* and D* there grow with C, from {@code law}'s points. {@code
 * IsoFlopFit} finds it, {@code IsoFlopBias} says by how much its parabolas are off. Called by the study lanes and by
 * fits of files. Pure mathematics, deterministic: no clock, the seed is an argument. Options and results are immutable
 * and safe on any thread; each fit works on its own.
 */
@NullMarked
package io.straightedge.fitter.isoflop;

import org.jspecify.annotations.NullMarked;
