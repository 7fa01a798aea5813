package io.straightedge.ingest.mlflow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A logged number. Two that are equal are one that was sent again.
 *
 * @param timestamp when it was logged, epoch milliseconds
 */
record MetricPoint(String key, double value, long timestamp, long step) {

    /** Whether it takes the place of the other as the latest of its key. */
    boolean supersedes(MetricPoint other) {
        if (step != other.step) {
            return step > other.step;
        }
        return timestamp != other.timestamp ? timestamp > other.timestamp : Double.compare(value, other.value) >= 0;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("value", value);
        json.put("timestamp", timestamp);
        json.put("step", step);
        return json;
    }
}
