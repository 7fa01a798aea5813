package io.straightedge.fitter.law;

import java.util.List;

/**
 * What is known of an optimum beyond its value.
 *
 * @param gradientNorm largest component of the objective's gradient, over delta times the sum of the weights
 * @param condition of the scaled normal matrix J'WJ; infinite where the points leave a direction open
 * @param starts how many starting points were polished
 * @param basins the distinct optima that the starts ended in, best first; the first is the one handed back
 * @param boundaries the boundaries that the optimum touches, in words; empty inside
 */
public record Certificate(
        double gradientNorm, double condition, int starts, List<Basin> basins, List<String> boundaries) {

    /** Gradient that still counts as an optimum: below it the value is exact to about its own rounding. */
    public static final double CERTIFIED = 1e-7;

    public Certificate {
        basins = List.copyOf(basins);
        boundaries = List.copyOf(boundaries);
    }

    /** A local optimum: the value of the objective, and theta. */
    public record Basin(double objective, List<Double> theta) {
        public Basin {
            theta = List.copyOf(theta);
        }
    }

    /** Whether the gradient vanishes to working precision. */
    public boolean certified() {
        return gradientNorm <= CERTIFIED;
    }
}
