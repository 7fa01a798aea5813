package io.straightedge.protocol.fit;

/**
 * A run as the law sees it.
 *
 * @param params N
 * @param tokens D at the end of the run
 * @param loss final loss, observed or forecast, nats per token
 * @param weight in the objective: 1 for a finished run, less for a forecast, 0 when left out
 * @param finished whether the loss was observed
 */
public record LawPoint(String run, double params, double tokens, double loss, double weight, boolean finished) {}
