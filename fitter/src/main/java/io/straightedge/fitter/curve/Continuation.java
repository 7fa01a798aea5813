package io.straightedge.fitter.curve;

/**
 * How the learning rates seen so far are taken to go on.
 *
 * @param rate in the unit of the rates seen
 * @param words what is assumed, to follow a colon
 * @param annealSd standard deviation of the anneal 1 - sqrt(u) at the planned end, over what else might come
 */
record Continuation(RelativeRate rate, PlanOrigin origin, String words, double annealSd) {}
