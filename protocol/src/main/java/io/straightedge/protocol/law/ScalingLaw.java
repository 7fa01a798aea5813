package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A law L(N, D): loss in nats per token from parameters and tokens. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
@JsonSubTypes(@JsonSubTypes.Type(value = ChinchillaLaw.class, name = "chinchilla"))
public sealed interface ScalingLaw permits ChinchillaLaw {

    /** Training FLOPs per parameter and token in C = 6ND. */
    double FLOPS_PER_PARAMETER_TOKEN = 6;

    /** Loss at N parameters (&gt; 0) and D tokens (&gt; 0), nats per token. */
    double loss(double params, double tokens);

    /** Gradient of {@link #loss} by the log coefficients, in the law's own order; writes {@code out[0..size)}. */
    void gradient(double params, double tokens, double[] out);

    /** Number of coefficients. */
    @JsonIgnore
    int size();

    /** The allocation of {@code flops} (&gt; 0) that gives the least loss under C = 6ND. */
    Allocation optimum(double flops);
}
