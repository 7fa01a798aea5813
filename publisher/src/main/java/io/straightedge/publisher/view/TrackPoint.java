package io.straightedge.publisher.view;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import org.jspecify.annotations.Nullable;

/** What the final loss was forecast to be when a run had come to {@code step}; nats per token, an 80 % interval. */
public record TrackPoint(long revision, long step, double mean, double lower80, double upper80) {

    static @Nullable TrackPoint of(CurveEstimate estimate) {
        Forecast forecast = estimate.finalLoss();
        return forecast == null
                ? null
                : new TrackPoint(
                        estimate.revision(), estimate.step(), forecast.mean(), forecast.lower80(), forecast.upper80());
    }
}
