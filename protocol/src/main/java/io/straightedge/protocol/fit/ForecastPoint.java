package io.straightedge.protocol.fit;

/** The forecast at one step of the rest of a run; losses in nats per token, an 80 % and a 95 % band. */
public record ForecastPoint(
        double step, double tokens, double loss, double lower80, double upper80, double lower95, double upper95) {}
