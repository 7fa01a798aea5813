/**
 * One run: logarithmic bins, noise, the schedule's integrals and the forecast of the rest. Pure mathematics: no clock,
 * no Kafka. Bins, noise and the forecaster are mutable and belong to one thread; plans, priors and fits are immutable.
 */
@NullMarked
package io.straightedge.fitter.curve;

import org.jspecify.annotations.NullMarked;
