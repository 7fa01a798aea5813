package io.straightedge.protocol.law;

import io.straightedge.protocol.run.ParameterCount;

/**
 * A published law under a name.
 *
 * @param name as users write it
 * @param law its coefficients as published, unrounded where more digits are known
 * @param paramsCount what its N counts
 * @param source paper, equation and arXiv id
 * @param note what to know before using it; may be empty
 */
public record Preset(String name, ScalingLaw law, ParameterCount paramsCount, String source, String note) {}
