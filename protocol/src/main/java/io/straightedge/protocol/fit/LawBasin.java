package io.straightedge.protocol.fit;

import io.straightedge.protocol.law.RunLaw;

/**
 * A local optimum of a law's objective: a law that explains the points nearly as well and may say something else beyond
 * them.
 *
 * @param objective its value of the objective that the best law's is given in
 */
public record LawBasin(double objective, RunLaw law) {}
