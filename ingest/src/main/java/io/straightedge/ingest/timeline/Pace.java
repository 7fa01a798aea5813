package io.straightedge.ingest.timeline;

import java.time.Duration;

/**
 * How fast a timeline is played.
 *
 * @param speed timeline seconds per second; 0 for as fast as it goes
 */
public record Pace(double speed) {

    /** As fast as it goes. */
    public static final Pace MAX = new Pace(0);

    public Pace {
        if (!(speed >= 0 && speed < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("speed is " + speed + ": it must be 0 (as fast as it goes) or above");
        }
    }

    /** When an event at {@code at} on the timeline is due after the start of the playing. */
    public Duration due(Duration at) {
        if (speed == 0 || at.isNegative()) {
            return Duration.ZERO;
        }
        return Duration.ofMillis((long) (at.toMillis() / speed));
    }
}
