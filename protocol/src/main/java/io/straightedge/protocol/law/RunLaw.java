package io.straightedge.protocol.law;

/** A law that says where a run of N parameters on D tokens ends; a law of one variable takes it from N, D or C = 6ND. */
public sealed interface RunLaw extends ScalingLaw permits SurfaceLaw, CurveLaw {

    /** Loss at N parameters (&gt; 0) and D tokens (&gt; 0), nats per token. */
    double loss(double params, double tokens);

    /** Gradient of {@link #loss} by theta; writes {@code out[0..size)}. */
    void gradient(double params, double tokens, double[] out);

    /** The loss of an infinite model on infinite data, nats per token; 0 for a law without such a term. */
    double irreducible();

    @Override
    RunLaw withTheta(double[] theta);
}
