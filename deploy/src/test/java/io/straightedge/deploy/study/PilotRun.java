package io.straightedge.deploy.study;

import io.straightedge.protocol.law.ScalingLaw;

/**
 * A run of known size and outcome.
 *
 * @param params N
 * @param tokens D
 */
record PilotRun(String name, double params, double tokens, double lossNats) {

    /** C = 6ND. */
    double flops() {
        return ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
    }
}
