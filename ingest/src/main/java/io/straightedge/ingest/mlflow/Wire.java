package io.straightedge.ingest.mlflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Small pieces of the protocol's JSON. */
final class Wire {

    private Wire() {}

    /** A map as a list of keys and values. */
    static List<Map<String, Object>> pairs(Map<String, String> map) {
        return new TreeMap<>(map)
                .entrySet().stream()
                        .map(entry -> object("key", entry.getKey(), "value", entry.getValue()))
                        .toList();
    }

    /** Two fields in this order. */
    static Map<String, Object> object(String first, Object firstValue, String second, Object secondValue) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(first, firstValue);
        object.put(second, secondValue);
        return object;
    }
}
