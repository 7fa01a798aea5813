package io.straightedge.protocol.fit;

/**
 * A predicted loss with central intervals, nats per token.
 *
 * @param scale the standard-deviation-like scale from which the intervals were made; what a law weighs the point by
 */
public record Forecast(
        double mean,
        double scale,
        double lower50,
        double upper50,
        double lower80,
        double upper80,
        double lower95,
        double upper95) {

    /** Intervals {@code mean +- halfWidth} at the three levels. */
    public static Forecast symmetric(double mean, double scale, double half50, double half80, double half95) {
        return new Forecast(
                mean, scale, mean - half50, mean + half50, mean - half80, mean + half80, mean - half95, mean + half95);
    }
}
