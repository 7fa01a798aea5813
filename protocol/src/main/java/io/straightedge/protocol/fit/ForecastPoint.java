package io.straightedge.protocol.fit;

import org.jspecify.annotations.Nullable;

/**
 * The forecast at one step of the rest of a run; losses in nats per token, a 50 %, an 80 % and a 95 % band.
 *
 * @param lower50 null in messages that were written before there was a 50 % band
 * @param upper50 null like {@code lower50}
 */
public record ForecastPoint(
        double step,
        double tokens,
        double loss,
        @Nullable Double lower50,
        @Nullable Double upper50,
        double lower80,
        double upper80,
        double lower95,
        double upper95) {}
