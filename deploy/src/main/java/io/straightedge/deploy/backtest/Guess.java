package io.straightedge.deploy.backtest;

import io.straightedge.protocol.fit.Forecast;

/**
 * A forecast of a final loss, nats per token.
 *
 * @param scale what the half-widths are multiples of; NaN without intervals, as they are
 * @param half50 half of the 50 % interval's width
 */
record Guess(double mean, double scale, double half50, double half80, double half95) {

    private static final double NORMAL_50 = 0.6744897501960817;
    private static final double NORMAL_80 = 1.2815515655446004;
    private static final double NORMAL_95 = 1.959963984540054;

    /** A forecast without intervals. */
    static Guess bare(double mean) {
        return new Guess(mean, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /** A forecast with normal intervals; without any when {@code sd} is not finite. */
    static Guess normal(double mean, double sd) {
        return Double.isFinite(sd) ? new Guess(mean, sd, NORMAL_50 * sd, NORMAL_80 * sd, NORMAL_95 * sd) : bare(mean);
    }

    static Guess of(Forecast forecast) {
        return new Guess(
                forecast.mean(),
                forecast.scale(),
                0.5 * (forecast.upper50() - forecast.lower50()),
                0.5 * (forecast.upper80() - forecast.lower80()),
                0.5 * (forecast.upper95() - forecast.lower95()));
    }

    /** The same with intervals of so many scales. */
    Guess widened(double factor50, double factor80, double factor95) {
        return new Guess(mean, scale, factor50 * scale, factor80 * scale, factor95 * scale);
    }
}
