package io.straightedge.protocol.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.straightedge.protocol.run.Names;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a sender is told is wrong with its message: one short line without Java class names or stack traces. */
final class Reasons {

    private static final int MAX_LENGTH = 300;
    private static final int MAX_EXCERPT = 40;

    private static final Pattern PACKAGES = Pattern.compile("(?:[a-z][a-z0-9_]*\\.)+(?=[A-Z])");

    private Reasons() {}

    /** Jackson's complaint in words that make sense outside this program. */
    static String of(IOException e) {
        if (e instanceof StreamConstraintsException depth
                && String.valueOf(depth.getOriginalMessage()).contains("nesting depth")) {
            return "nested deeper than " + Json.MAX_DEPTH;
        }
        if (e instanceof InvalidTypeIdException type) {
            return "type " + excerpt(String.valueOf(type.getTypeId())) + " is not known";
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException refusal) {
            return line(refusal.getMessage());
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof NullPointerException) {
            return "null inside a list or a map";
        }
        String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
        return path + line(e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
    }

    /** The text, or its beginning, without control characters. */
    static String excerpt(String text) {
        String plain = Names.plain(text);
        return plain.length() <= MAX_EXCERPT ? plain : plain.substring(0, MAX_EXCERPT) + "...";
    }

    /** What sort of JSON value it is. */
    static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Refuses strings with half of a surrogate pair, which JSON can spell and UTF-8 cannot: what cannot be written
     * again must not be let in.
     */
    static void requireWholeCharacters(JsonNode node) throws MessageException {
        if (node.isTextual()) {
            requireWholeCharacters(node.textValue());
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            requireWholeCharacters(names.next());
        }
        for (JsonNode child : node) {
            requireWholeCharacters(child);
        }
    }

    private static void requireWholeCharacters(String text) throws MessageException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new MessageException("a string holds half of a surrogate pair at position " + i);
                }
                i++;
            }
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() != null) {
                path.append(path.length() == 0 ? "" : ".").append(excerpt(reference.getFieldName()));
            }
        }
        return path.length() == 0 ? "" : path + ": ";
    }

    private static String line(@Nullable String text) {
        String first = text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
        String plain = Names.plain(PACKAGES.matcher(first).replaceAll(""));
        return plain.length() > MAX_LENGTH ? plain.substring(0, MAX_LENGTH) + "..." : plain;
    }
}
