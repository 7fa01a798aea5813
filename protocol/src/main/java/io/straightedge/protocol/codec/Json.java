package io.straightedge.protocol.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The JSON codec of every public topic and of the HTTP API.
 *
 * <p>Unknown fields are ignored; {@code NaN} and the infinities are strings when written and strings or bare words
 * when read; 64-bit integers are numbers or strings; times are ISO 8601 strings when written, those or epoch
 * milliseconds when read; object keys are written in a fixed order, so that equal messages are equal bytes. Each
 * message carries its schema version in {@code "v"}; a message without one is of version 1.
 */
public final class Json {

    /** The schema version that this build writes, and the newest that it reads. */
    public static final int VERSION = 1;

    private static final byte[] VERSION_FIELD = ("{\"v\":" + VERSION + ",").getBytes(StandardCharsets.US_ASCII);

    /** Deepest nesting accepted. */
    static final int MAX_DEPTH = 32;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader())
                    .addDeserializer(Long.class, new LongReader(Long.class))
                    .addDeserializer(long.class, new LongReader(long.class)))
            .build();

    private Json() {}

    /** A message, a list of them, or any tree of records, maps and lists, as UTF-8 JSON; messages get their version. */
    public static byte[] write(Object message) {
        try {
            return message instanceof Record
                    ? versioned(MAPPER.writeValueAsBytes(message))
                    : MAPPER.writeValueAsBytes(versioned(message));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + message.getClass(), e);
        }
    }

    /** The object with its version as the first field; a copy costs less than a tree of it. */
    private static byte[] versioned(byte[] object) {
        // Of {} only the closing brace is left, and no comma.
        int prefix = object[1] == '}' ? VERSION_FIELD.length - 1 : VERSION_FIELD.length;
        byte[] versioned = Arrays.copyOf(VERSION_FIELD, prefix + object.length - 1);
        System.arraycopy(object, 1, versioned, prefix, object.length - 1);
        return versioned;
    }

    private static Object versioned(Object message) {
        if (message instanceof List<?> list) {
            // Jackson leaves out the "type" of a list's elements, as it cannot see what the list is declared to hold.
            return list.stream().map(Json::versioned).toList();
        }
        if (!(message instanceof Record)) {
            return message;
        }
        ObjectNode versioned = MAPPER.createObjectNode();
        versioned.put("v", VERSION);
        versioned.setAll(MAPPER.<ObjectNode>valueToTree(message));
        return versioned;
    }

    /**
     * One message of a known type.
     *
     * @throws MessageException when the bytes are not one
     */
    public static <T> T read(byte[] json, Class<T> type) throws MessageException {
        return bind(tree(json), type);
    }

    /** Any JSON value as a tree. */
    public static JsonNode tree(byte[] json) throws MessageException {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw new MessageException("empty: expected a JSON object");
            }
            return tree;
        } catch (IOException e) {
            throw new MessageException("not JSON: " + Reasons.of(e));
        }
    }

    /** Whether the bytes are a JSON object with that field, null or not: tells apart the messages that share a topic. */
    public static boolean has(byte[] json, String field) throws MessageException {
        return tree(json).has(field);
    }

    /**
     * The objects of a {@code training-events} record, which is one object or an array of them; each still to be bound
     * by {@link #event}, so that one bad event does not spoil its neighbours.
     */
    public static List<JsonNode> split(byte[] json) throws MessageException {
        JsonNode tree = tree(json);
        if (!(tree instanceof ArrayNode array)) {
            return List.of(tree);
        }
        List<JsonNode> nodes = new ArrayList<>(array.size());
        array.forEach(nodes::add);
        return nodes;
    }

    /** One training event from its tree. */
    public static TrainingEvent event(JsonNode node) throws MessageException {
        if (!node.isObject()) {
            throw new MessageException("not an event: expected a JSON object");
        }
        if (!node.hasNonNull("type")) {
            throw new MessageException("type is missing: study, run, loss, end, command or tick");
        }
        return bind(node, TrainingEvent.class);
    }

    /** The tree as compact bytes. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree that Jackson itself made cannot be written", e);
        }
    }

    private static <T> T bind(JsonNode node, Class<T> type) throws MessageException {
        if (!node.isObject()) {
            throw new MessageException("expected a JSON object, found " + Reasons.kind(node));
        }
        JsonNode version = node.get("v");
        if (version != null && version.asInt(-1) != VERSION) {
            throw new MessageException("schema version " + Reasons.excerpt(version.asText())
                    + " is not known: this build reads " + VERSION);
        }
        Reasons.requireWholeCharacters(node);
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new MessageException(Reasons.of(e));
        }
    }
}
