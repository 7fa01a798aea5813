package io.straightedge.protocol.law;

/** A law L(N, D) of both, which therefore says how a budget C = 6ND is best split. */
public sealed interface SurfaceLaw extends RunLaw
        permits ChinchillaLaw, KaplanLaw, OvertrainingLaw, GammaLaw, FarseerLaw, DataConstrainedLaw, LimitedDataLaw {

    /** The allocation of {@code flops} (&gt; 0) that gives the least loss under C = 6ND. */
    Allocation optimum(double flops);

    /** The least compute that reaches {@code loss}, in FLOPs; infinite when no compute does. */
    double computeFor(double loss);

    /** The tokens that a model of {@code params} needs to reach {@code loss}; infinite when no number does. */
    double tokensFor(double params, double loss);

    @Override
    SurfaceLaw withTheta(double[] theta);
}
