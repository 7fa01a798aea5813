/**
 * Estimators of scaling laws from (N, D, L) points. A form is fitted by {@code RobustFit}: an objective in coordinates
 * of its own, starts, polish, certificate, covariance; {@code LawEstimators} lists the forms. {@code Bootstrap}, {@code
 * RollingBackTest} and {@code ExtrapolationFit} say what a fit is worth, {@code Doubts} what speaks against it. Points,
 * {@code PowerTrend}, {@code Chains} and {@code ResidualScale} also serve {@code isoflop}, {@code envelope} and {@code
 * doubt}, which this package does not know. Pure mathematics, deterministic: no clock, seeds are arguments. Fits are
 * immutable values; objectives are workspaces of one thread.
 */
@NullMarked
package io.straightedge.fitter.law;

import org.jspecify.annotations.NullMarked;
