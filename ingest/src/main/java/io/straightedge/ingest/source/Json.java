package io.straightedge.ingest.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python writes it, with bare {@code NaN} and {@code Infinity}. */
public final class Json {

    private static final int MOST_NAMES = 4_096;
    private static final int LONGEST_VALUE = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** What the text says; null when it is not JSON, or not all of it. */
    public static @Nullable JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The number that a value is, also when it is written as a string; null when it is none. */
    public static @Nullable Double number(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return value.isTextual() ? Numbers.parse(value.textValue()) : null;
    }

    /**
     * An object's values by their names, nested ones joined by dots; arrays as their JSON. Null, values of more than
     * {@value #LONGEST_VALUE} characters and names beyond the {@value #MOST_NAMES}th are left out.
     */
    public static Map<String, String> flat(JsonNode object) {
        return flat("", object);
    }

    /** The same for a value of that name, under which those of an object go. */
    public static Map<String, String> flat(String under, JsonNode value) {
        Map<String, String> values = new LinkedHashMap<>();
        flatten(under, value, values);
        return values;
    }

    private static void flatten(String name, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flatten(
                            name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(), entry.getValue(), values));
            return;
        }
        String text = node.isValueNode() ? node.asText() : node.toString();
        if (!node.isNull() && !name.isEmpty() && text.length() <= LONGEST_VALUE && values.size() < MOST_NAMES) {
            values.put(name, text);
        }
    }
}
