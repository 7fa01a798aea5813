/**
 * Small dense solvers, the robust objective and the values that say how a solution went. Commons Math stops here and in
 * {@code fitter.interval}: its types appear in no public signature. Pure mathematics: no clock, no I/O, no random
 * numbers. Workspaces belong to one thread.
 */
@NullMarked
package io.straightedge.fitter.solve;

import org.jspecify.annotations.NullMarked;
