/**
 * What would have fired on a history: studies are fed as they would have come, run beside run, through the detectors and
 * rules of the live lanes, and beside them the rules that others use. Called by the command; an {@code AlarmBacktest}
 * runs its own threads, everything else stays on one.
 */
@NullMarked
package io.straightedge.deploy.backtest.alarm;

import org.jspecify.annotations.NullMarked;
