package io.straightedge.protocol.fit;

/**
 * A stretch of the observed curve: one logarithmic bin of steps.
 *
 * @param step mean step of the bin's observations
 * @param tokens tokens at that step; NaN when unknown
 * @param loss mean loss, nats per token
 * @param sd standard deviation of the observations in the bin; 0 for one observation
 */
public record CurvePoint(long count, double step, double tokens, double loss, double sd) {}
