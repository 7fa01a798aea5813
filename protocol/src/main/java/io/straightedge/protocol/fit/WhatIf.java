package io.straightedge.protocol.fit;

import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forecast of a run under a plan that somebody asked about: as the run has gone so far, and by that plan from where
 * it stands on.
 *
 * @param name as it was asked
 * @param plannedSteps where that plan ends; null when not known
 * @param schedule of the rest; null when no schedule is known
 * @param cooldownFrom where a cooldown asked for in short begins
 * @param finalLoss the forecast of the final loss, or null with the reason in {@code reason}
 * @param rest the forecast from here to that plan's end, at most 16 points
 * @param reason in words; null when there is a forecast
 */
public record WhatIf(
        String name,
        @Nullable Long plannedSteps,
        @Nullable ScheduleKind schedule,
        @Nullable Long cooldownFrom,
        @Nullable Forecast finalLoss,
        List<ForecastPoint> rest,
        @Nullable String reason) {

    public WhatIf {
        rest = rest == null ? List.of() : List.copyOf(rest);
    }
}
