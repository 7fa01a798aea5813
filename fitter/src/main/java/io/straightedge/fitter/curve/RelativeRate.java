package io.straightedge.fitter.curve;

/** A learning rate along a run, in the unit that its maker says. */
interface RelativeRate {

    /** The rate at {@code step}, 0 or more. */
    double at(double step);

    /**
     * Steps at which it bends or jumps, for a table of it: {@value Knots#FIXED} that must be knots, then pairs, before
     * and after a jump, which stay together when they are thinned.
     */
    double[] breaks();
}
