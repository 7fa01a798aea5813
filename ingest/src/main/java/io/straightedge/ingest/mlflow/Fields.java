package io.straightedge.ingest.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object as clients of protocol buffers write it: 64-bit integers as strings or numbers, numbers
 * that are not finite as strings or bare words, a default value as nothing at all.
 */
final class Fields {

    /** Longest key of a metric, parameter or tag, in UTF-16 units. */
    static final int KEY_CHARACTERS = 250;

    /** Longest value of a parameter, and of a tag. */
    static final int PARAM_CHARACTERS = 6000;

    static final int TAG_CHARACTERS = 8000;

    private final JsonNode object;

    Fields(JsonNode object) {
        this.object = object;
    }

    /** A non-empty text. */
    String text(String name) {
        String text = textOr(name, "");
        if (text.isEmpty()) {
            throw Refused.invalid("Missing value for required parameter '" + name + "'.");
        }
        return text;
    }

    String textOr(String name, String otherwise) {
        JsonNode node = object.get(name);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (node.isContainerNode()) {
            throw Refused.invalid("Invalid value for parameter '" + name + "': it must be a string.");
        }
        return node.asText();
    }

    @Nullable
    String textOrNull(String name) {
        String text = textOr(name, "");
        return text.isEmpty() ? null : text;
    }

    /** The run that a request is about: {@code run_id}, or {@code run_uuid} as older clients say. */
    String runId() {
        String id = textOr("run_id", textOr("run_uuid", ""));
        if (id.isEmpty()) {
            throw Refused.invalid("Missing value for required parameter 'run_id'.");
        }
        return id;
    }

    boolean has(String name) {
        JsonNode node = object.get(name);
        return node != null && !node.isNull();
    }

    long whole(String name, long otherwise) {
        JsonNode node = object.get(name);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        double value = number(name);
        try {
            return node.isTextual() ? Long.parseLong(node.asText().strip()) : exact(name, value);
        } catch (NumberFormatException e) {
            return exact(name, value);
        }
    }

    private static long exact(String name, double value) {
        if (value != Math.rint(value) || Math.abs(value) > 0x1p53) {
            throw Refused.invalid("Invalid value for parameter '" + name + "': it must be a whole number.");
        }
        return (long) value;
    }

    /** A number, {@code NaN} and infinities included. */
    double number(String name) {
        JsonNode node = object.get(name);
        if (node != null && node.isNumber()) {
            return node.doubleValue();
        }
        String text = node == null || !node.isTextual() ? "" : node.asText().strip();
        boolean plain = !text.isEmpty() && "fFdDxX".indexOf(text.charAt(text.length() - 1)) < 0;
        try {
            if (plain) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal that all cases share.
        }
        throw Refused.invalid("Invalid value for parameter '" + name
                + "': it must be a number, \"NaN\", \"Infinity\" or" + " \"-Infinity\".");
    }

    /** The objects of a list; none when it is absent. */
    List<Fields> list(String name) {
        List<Fields> found = new ArrayList<>();
        JsonNode list = array(name);
        for (JsonNode element : list == null ? List.<JsonNode>of() : list) {
            if (!element.isObject()) {
                throw Refused.invalid("Invalid value for parameter '" + name + "': it must be a list of objects.");
            }
            found.add(new Fields(element));
        }
        return found;
    }

    /** The texts of a list; none when it is absent. */
    List<String> texts(String name) {
        List<String> found = new ArrayList<>();
        JsonNode list = array(name);
        for (JsonNode element : list == null ? List.<JsonNode>of() : list) {
            found.add(element.asText());
        }
        return found;
    }

    private @Nullable JsonNode array(String name) {
        JsonNode list = object.get(name);
        if (list == null || list.isNull()) {
            return null;
        }
        if (!list.isArray()) {
            throw Refused.invalid("Invalid value for parameter '" + name + "': it must be a list.");
        }
        return list;
    }

    /** Keys and values of a list of pairs, the last of a key winning. */
    Map<String, String> pairs(String name, int mostCharacters) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Fields pair : list(name)) {
            pairs.put(pair.key(), pair.value(mostCharacters));
        }
        return pairs;
    }

    /** A key within its limit. */
    String key() {
        String key = text("key");
        if (key.length() > KEY_CHARACTERS) {
            throw Refused.invalid(
                    "A key has " + key.length() + " characters: at most " + KEY_CHARACTERS + " are allowed.");
        }
        return key;
    }

    /** A text within its limit. */
    String value(int mostCharacters) {
        String value = textOr("value", "");
        if (value.length() > mostCharacters) {
            throw Refused.invalid("The value of " + excerpt(key()) + " has " + value.length() + " characters: at most "
                    + mostCharacters + " are allowed.");
        }
        return value;
    }

    MetricPoint metric() {
        return new MetricPoint(key(), number("value"), whole("timestamp", 0), whole("step", 0));
    }

    /** The text, or its beginning, without control characters. */
    static String excerpt(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= 60 ? plain : plain.substring(0, 60) + "...";
    }
}
