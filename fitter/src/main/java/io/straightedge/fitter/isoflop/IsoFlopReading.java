package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.law.PowerTrend;
import org.jspecify.annotations.Nullable;

/**
 * The trends through the minima of one way to read them.
 *
 * @param params N*(C), with the exponent a
 * @param tokens D*(C), with the exponent b
 * @param exponents of N* over draws of seed noise; null where no noise was given
 */
public record IsoFlopReading(
        PowerTrend params, PowerTrend tokens, @Nullable Range exponents) {

    /** A central 95 % range. */
    public record Range(double low, double high) {}

    /** a + b, which is 1 where C is proportional to ND. */
    public double exponentSum() {
        return params.exponent() + tokens.exponent();
    }
}
