/**
 * One class a detector: pure, fed one observation at a time, state in a handful of doubles that the changelog keeps.
 * Called by the study lanes only; confined to their thread.
 */
@NullMarked
package io.straightedge.fitter.detect;

import org.jspecify.annotations.NullMarked;
