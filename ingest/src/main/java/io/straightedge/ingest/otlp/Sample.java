package io.straightedge.ingest.otlp;

import java.util.Map;

/**
 * One data point of one number.
 *
 * @param resource index of the resource in its request: points of one resource belong together
 * @param facts attributes of the resource
 * @param attributes of the point itself
 * @param timeNanos since 1970; 0 when the sender did not say
 */
record Sample(
        int resource,
        Map<String, String> facts,
        String metric,
        Map<String, String> attributes,
        double value,
        long timeNanos) {}
