package io.straightedge.fitter.solve;

/** A smooth function of p variables that is too dear for second derivatives. */
@FunctionalInterface
public interface SlopedObjective {

    /** The value at {@code x} [p], whose gradient is written to {@code gradient} [p]; infinite where there is none. */
    double gradient(double[] x, double[] gradient);
}
