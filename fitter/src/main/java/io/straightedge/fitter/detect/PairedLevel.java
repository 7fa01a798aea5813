package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;

/**
 * The usual difference of two losses, which drifts: a level and its slope.
 *
 * <p>With e the difference over the level: level += slope + a e, slope += a^2 / 4 e (critically damped), a = max({@value
 * #WEIGHT}, 1 / k) at observation k, and no slope before {@value #SLOPE_FROM}. Nats per token. A level alone lags behind where
 * one of the runs decays and the other does not; with a slope the lag of real pairs stayed within a standard deviation.
 * O(1). Not thread-safe.
 *
 * @see "Holt 1957, Forecasting seasonals and trends by exponentially weighted moving averages"
 */
final class PairedLevel {

    static final double WEIGHT = .02;
    static final int SLOPE_FROM = 50;

    private static final int AGAIN = 20;

    private double level;
    private double slope;
    private int count;

    /** What the difference is expected to be. */
    double value() {
        return level;
    }

    boolean known() {
        return count > 0;
    }

    /** Takes a difference as the first. */
    void begin(double difference) {
        level = difference;
        slope = 0;
        count = 1;
    }

    /** Takes e, clipped by whoever knows its scale. */
    void learn(double residual) {
        count = Math.min(count + 1, 1 << 20);
        double weight = Math.max(WEIGHT, 1.0 / count);
        level += slope + weight * residual;
        if (count > SLOPE_FROM) {
            slope += weight * weight / 4 * residual;
        }
    }

    /** Learns anew from where it is. */
    void forget() {
        count = Math.min(count, AGAIN);
        slope = 0;
    }

    /** Takes what follows for normal. */
    void clear() {
        count = 0;
    }

    void save(ByteBuffer out) {
        out.putDouble(level).putDouble(slope).putInt(count);
    }

    void load(ByteBuffer in) {
        level = in.getDouble();
        slope = in.getDouble();
        count = in.getInt();
    }
}
