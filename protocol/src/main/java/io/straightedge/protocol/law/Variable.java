package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a law of one variable is a law of. */
public enum Variable {
    /** N, parameters. */
    @JsonProperty("params")
    PARAMS,
    /** D, tokens. */
    @JsonProperty("tokens")
    TOKENS,
    /** C = 6ND, FLOPs. */
    @JsonProperty("compute")
    COMPUTE;

    /** The variable's value for a run of N parameters on D tokens. */
    public double of(double params, double tokens) {
        return switch (this) {
            case PARAMS -> params;
            case TOKENS -> tokens;
            case COMPUTE -> ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
        };
    }
}
