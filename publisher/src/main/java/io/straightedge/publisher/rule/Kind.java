package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the deviations of several runs must share to be one. */
enum Kind {
    LOSS_UP,
    LOSS_DOWN,
    NON_FINITE,
    STALL;

    private static final String PREFIX = "fleet-";

    /** The kind of an alert; null where many of its rule at once are still many. */
    static @Nullable Kind of(Alert alert) {
        return switch (alert.rule()) {
            case "spike", "drift", "divergence", "plateau", "never-learns" -> LOSS_UP;
            case "paired" -> alert.sizeNats() < 0 ? LOSS_DOWN : LOSS_UP;
            case "too-good" -> LOSS_DOWN;
            case "non-finite" -> NON_FINITE;
            case "stall" -> STALL;
            default -> null;
        };
    }

    /** The rule of an alert about all of them. */
    String fleetRule() {
        return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What has happened to the runs. */
    String words() {
        return switch (this) {
            case LOSS_UP -> "left their forecasts upwards";
            case LOSS_DOWN -> "left their forecasts downwards";
            case NON_FINITE -> "have a loss that is no number";
            case STALL -> "have stopped logging";
        };
    }
}
