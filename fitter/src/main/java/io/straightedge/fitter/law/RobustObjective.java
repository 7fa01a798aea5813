package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.SmoothObjective;

/**
 * A robust objective F = sum_i w_i Huber_d(log residual) in coordinates of its own, which may be better conditioned
 * than the law's theta. Workspace, one thread.
 */
interface RobustObjective extends SmoothObjective {

    /** Sets d, the bound between square and absolute value, for a continuation from a smoother problem. */
    void delta(double bound);

    /** From the law's theta to the objective's coordinates; a fresh array. */
    double[] coordinates(double[] theta);

    /** From the objective's coordinates to the law's theta; a fresh array. */
    double[] theta(double[] coordinates);

    /** At an optimum, in the objective's coordinates. */
    LawCovariance covariance(double[] coordinates, FitOptions options);

    /** A covariance of the coordinates as one of theta. */
    double[][] ofTheta(double[][] covariance, double[] coordinates);
}
