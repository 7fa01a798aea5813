package io.straightedge.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code ExportMetricsServiceRequest} in OTLP's JSON: proto3-JSON with lowerCamelCase names, 64-bit integers as
 * strings or numbers, enums as numbers (their names are read too).
 */
final class OtlpJson {

    private final Samples samples = new Samples();

    /** The data points of a request. */
    static Samples read(byte[] body) throws OtlpException {
        JsonNode root;
        try {
            root = Json.tree(body);
        } catch (MessageException e) {
            throw new OtlpException("the body is " + e.getMessage());
        }
        if (!root.isObject()) {
            throw new OtlpException("the body is not an ExportMetricsServiceRequest: expected a JSON object");
        }
        OtlpJson walk = new OtlpJson();
        int resource = 0;
        for (JsonNode metrics : root.path("resourceMetrics")) {
            walk.resourceMetrics(resource++, metrics);
        }
        return walk.samples;
    }

    private void resourceMetrics(int resource, JsonNode node) throws OtlpException {
        Map<String, String> facts = attributes(node.path("resource").path("attributes"));
        for (JsonNode scope : node.path("scopeMetrics")) {
            for (JsonNode metric : scope.path("metrics")) {
                for (JsonNode point : metric.path("gauge").path("dataPoints")) {
                    point(resource, facts, metric, point);
                }
                sum(resource, facts, metric);
                for (String other : new String[] {"histogram", "exponentialHistogram", "summary"}) {
                    samples.ignore(
                            "histogram", metric.path(other).path("dataPoints").size());
                }
            }
        }
    }

    private void sum(int resource, Map<String, String> facts, JsonNode metric) throws OtlpException {
        JsonNode sum = metric.path("sum");
        JsonNode temporality = sum.path("aggregationTemporality");
        boolean cumulative = temporality.asInt(0) == Samples.CUMULATIVE
                || temporality.asText().equals("AGGREGATION_TEMPORALITY_CUMULATIVE");
        for (JsonNode point : sum.path("dataPoints")) {
            if (cumulative) {
                point(resource, facts, metric, point);
            } else {
                samples.ignore("delta", 1);
            }
        }
    }

    private void point(int resource, Map<String, String> facts, JsonNode metric, JsonNode point) throws OtlpException {
        JsonNode value = point.hasNonNull("asDouble") ? point.get("asDouble") : point.path("asInt");
        Double number = number(value);
        if (number == null) {
            samples.ignore("stale", 1);
            return;
        }
        samples.add(
                new Sample(
                        resource,
                        facts,
                        metric.path("name").asText(),
                        attributes(point.path("attributes")),
                        number,
                        nanos(point.path("timeUnixNano"))),
                point.path("flags").asInt(0));
    }

    private static Map<String, String> attributes(JsonNode list) {
        Map<String, String> attributes = new TreeMap<>();
        for (JsonNode attribute : list) {
            JsonNode value = attribute.path("value");
            for (String kind : new String[] {"stringValue", "intValue", "doubleValue", "boolValue"}) {
                if (value.hasNonNull(kind) && value.get(kind).isValueNode()) {
                    attributes.put(
                            attribute.path("key").asText(), value.get(kind).asText());
                }
            }
        }
        return attributes;
    }

    private static @Nullable Double number(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        try {
            return value.isTextual() ? Double.valueOf(value.asText()) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long nanos(JsonNode value) {
        try {
            return value.isNumber() ? value.longValue() : Long.parseLong(value.asText("0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
