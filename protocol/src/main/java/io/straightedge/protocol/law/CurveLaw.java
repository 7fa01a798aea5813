package io.straightedge.protocol.law;

/** A law of one variable x: N, D or C = 6ND, the others not being the bottleneck. */
public sealed interface CurveLaw extends RunLaw permits PowerLaw, SaturatingLaw {

    /** What x is. */
    Variable variable();

    /** Loss at x (&gt; 0), nats per token. */
    double lossAt(double x);

    /** Gradient of {@link #lossAt} by theta; writes {@code out[0..size)}. */
    void gradientAt(double x, double[] out);

    /** The x at which the law gives {@code loss}; infinite where none does. */
    double inverse(double loss);

    @Override
    default double loss(double params, double tokens) {
        return lossAt(variable().of(params, tokens));
    }

    @Override
    default void gradient(double params, double tokens, double[] out) {
        gradientAt(variable().of(params, tokens), out);
    }

    @Override
    CurveLaw withTheta(double[] theta);
}
