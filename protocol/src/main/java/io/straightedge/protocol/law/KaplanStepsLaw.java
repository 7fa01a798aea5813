package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Kaplan's law of model size and of optimiser steps at a batch far above the critical one.
 *
 * <p>L(N, S_min) = (Nc/N)^alphaN + (Sc/S_min)^alphaS. N non-embedding parameters, S_min steps, both &gt; 0; theta is
 * (ln Nc, ln Sc, alphaN, alphaS). S_min of a run at another batch size: {@link CriticalBatch#leastSteps}. O(1).
 *
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.6"
 */
public record KaplanStepsLaw(
        @JsonProperty("Nc") double Nc, @JsonProperty("Sc") double Sc, double alphaN, double alphaS)
        implements ScalingLaw {

    private static final List<String> NAMES = List.of("Nc", "Sc", "alphaN", "alphaS");

    public KaplanStepsLaw {
        Coefficient.positive("Kaplan law of steps", "Nc", Nc);
        Coefficient.positive("Kaplan law of steps", "Sc", Sc);
        Coefficient.positive("Kaplan law of steps", "alphaN", alphaN);
        Coefficient.positive("Kaplan law of steps", "alphaS", alphaS);
    }

    /** Loss after {@code steps} (&gt; 0) of a model of {@code params} (&gt; 0), nats per token. */
    public double loss(double params, double steps) {
        return Math.pow(Nc / params, alphaN) + Math.pow(Sc / steps, alphaS);
    }

    /** Gradient of {@link #loss} by theta; writes {@code out[0..4)}. */
    public void gradient(double params, double steps, double[] out) {
        double model = Math.pow(Nc / params, alphaN);
        double time = Math.pow(Sc / steps, alphaS);
        out[0] = alphaN * model;
        out[1] = alphaS * time;
        out[2] = model * Math.log(Nc / params);
        out[3] = time * Math.log(Sc / steps);
    }

    /** The steps that a model of {@code params} needs to reach {@code loss}; infinite when no number does. */
    public double stepsFor(double params, double loss) {
        double left = loss - Math.pow(Nc / params, alphaN);
        return left > 0 ? Sc * Math.pow(left, -1 / alphaS) : Double.POSITIVE_INFINITY;
    }

    @Override
    public List<String> names() {
        return NAMES;
    }

    @Override
    public double[] theta() {
        return new double[] {Math.log(Nc), Math.log(Sc), alphaN, alphaS};
    }

    @Override
    public KaplanStepsLaw withTheta(double[] theta) {
        return new KaplanStepsLaw(Math.exp(theta[0]), Math.exp(theta[1]), theta[2], theta[3]);
    }
}
