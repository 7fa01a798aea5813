/**
 * Forecasts of finished runs, made with a part of each seen: by a study fed through the live lane, and by baselines on
 * the same curves. Called by commands; the workers are its own, the results do not depend on how many there are.
 */
@NullMarked
package io.straightedge.deploy.backtest;

import org.jspecify.annotations.NullMarked;
