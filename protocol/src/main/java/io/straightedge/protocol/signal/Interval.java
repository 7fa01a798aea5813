package io.straightedge.protocol.signal;

/** A value with its 80 % and 95 % intervals. */
public record Interval(double value, double lower80, double upper80, double lower95, double upper95) {}
