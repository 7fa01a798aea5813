package io.straightedge.fitter.solve;

/** A function of p variables to be minimised, with derivatives. */
public interface SmoothObjective {

    /** Value at {@code x} [p]. */
    double value(double[] x);

    /**
     * Value, and writes the gradient [p], the Hessian [p][p] and a positive semi-definite majorant [p][p] by which
     * steps are damped.
     */
    double derivatives(double[] x, double[] gradient, double[][] hessian, double[][] majorant);
}
