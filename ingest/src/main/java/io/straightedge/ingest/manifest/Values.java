package io.straightedge.ingest.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as trainers write it: text by name, where nested names are joined by dots or slashes and Python's
 * {@code None} is no value. Not thread-safe.
 *
 * <p>A name is found as it stands, or at the end of a nested name ({@code model.hidden_size}) when all such nested names
 * agree; parts of a model that are not the language model ({@code vision_config}) are passed over.
 */
final class Values {

    private static final Pattern OTHER_PARTS =
            Pattern.compile("vision|audio|speech|image|encoder|teacher|draft|reward|ref_|generation|quantization|lora");

    private final Map<String, String> exact = new HashMap<>();
    private final Map<String, String> nested = new HashMap<>();
    private final Map<String, String> fullNames = new HashMap<>();

    Values(Map<String, String> values) {
        Set<String> disputed = new HashSet<>();
        new TreeMap<>(values).forEach((name, value) -> {
            if (isNothing(value)) {
                return;
            }
            exact.put(name, value.strip());
            int end = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
            String prefix = end < 0 ? "" : name.substring(0, end).toLowerCase(Locale.ROOT);
            if (end < 0 || OTHER_PARTS.matcher(prefix).find()) {
                return;
            }
            String last = name.substring(end + 1);
            String before = nested.putIfAbsent(last, value.strip());
            fullNames.putIfAbsent(last, name);
            if (before != null && !before.equals(value.strip())) {
                disputed.add(last);
            }
        });
        disputed.forEach(nested::remove);
    }

    private static boolean isNothing(String value) {
        String text = value.strip();
        return text.isEmpty() || text.equals("None") || text.equals("null");
    }

    /** The first of the names that has a value, as it stands in the configuration; null when none has. */
    @Nullable
    String name(String... names) {
        for (String name : names) {
            if (exact.containsKey(name)) {
                return name;
            }
        }
        for (String name : names) {
            if (nested.containsKey(name)) {
                return fullNames.get(name);
            }
        }
        return null;
    }

    /** Its text; null when none of the names has one. */
    @Nullable
    String text(String... names) {
        String name = name(names);
        return name == null ? null : exact.get(name);
    }

    /** Its finite number; null when there is none. */
    @Nullable
    Double number(String... names) {
        String text = text(names);
        return text == null ? null : parsed(text);
    }

    /** Its number above zero; null when there is none. */
    @Nullable
    Double positive(String... names) {
        Double number = number(names);
        return number != null && number > 0 ? number : null;
    }

    /** Its whole number of at least one; null when there is none. */
    @Nullable
    Long count(String... names) {
        Double number = positive(names);
        return number != null && number == Math.rint(number) && number < 0x1p53
                ? Long.valueOf(number.longValue())
                : null;
    }

    /** Whether it says yes; the given answer when it says nothing. */
    boolean flag(boolean otherwise, String... names) {
        String text = text(names);
        return text == null ? otherwise : List.of("true", "1", "yes").contains(text.toLowerCase(Locale.ROOT));
    }

    /** A number within a dictionary that was written as text, or below it by nested names. */
    @Nullable
    Double within(String dictionary, String field) {
        Double nestedNumber = number(dictionary + "." + field, dictionary + "/" + field);
        JsonNode node = nestedNumber == null ? dictionary(dictionary).get(field) : null;
        return node == null ? nestedNumber : parsed(node.asText());
    }

    /** A word within a dictionary that was written as text, or below it by nested names. */
    @Nullable
    String wordWithin(String dictionary, String field) {
        String nestedText = text(dictionary + "." + field, dictionary + "/" + field);
        JsonNode node = nestedText == null ? dictionary(dictionary).get(field) : null;
        return node == null || node.isNull() ? nestedText : node.asText();
    }

    /** Everything under names that begin so, without that beginning. */
    Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        exact.forEach((name, value) -> {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private JsonNode dictionary(String name) {
        String text = text(name);
        if (text != null && text.startsWith("{")) {
            String json = text.replace('\'', '"')
                    .replace("None", "null")
                    .replace("True", "true")
                    .replace("False", "false");
            try {
                return Json.tree(json.getBytes(StandardCharsets.UTF_8));
            } catch (MessageException e) {
                // Some other way of writing a dictionary: as good as none.
            }
        }
        return MissingNode.getInstance();
    }

    /** A finite number as Python writes it; null for any other text. */
    static @Nullable Double parsed(String text) {
        String plain = text.strip().replace("_", "");
        if (plain.isEmpty() || "fFdD".indexOf(plain.charAt(plain.length() - 1)) >= 0) {
            return null;
        }
        try {
            double number = Double.parseDouble(plain);
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
