package io.straightedge.fitter.interval;

import io.straightedge.protocol.fit.Forecast;

/**
 * By what the scale of one forecast is multiplied to give the half-widths of its 50, 80 and 95 % intervals.
 *
 * @param at50 &gt; 0
 * @param at80 at least {@code at50}
 * @param at95 at least {@code at80}
 */
public record IntervalFactors(double at50, double at80, double at95) {

    public IntervalFactors {
        if (!(at50 > 0 && at80 >= at50 && at95 >= at80 && at95 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("interval factors must be above 0, finite and rise with the level");
        }
    }

    /** The forecast with that mean and scale. */
    public Forecast around(double mean, double scale) {
        return Forecast.symmetric(mean, scale, scale * at50, scale * at80, scale * at95);
    }
}
