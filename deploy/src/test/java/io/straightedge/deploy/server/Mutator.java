package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.straightedge.protocol.codec.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Damages requests, in the same way for the same seed: bytes anywhere, or JSON whose values are not what they should be. */
final class Mutator {

    private static final String MARK = "@@ODD@@";

    /** Raw JSON, or what looks like it, to stand where another value is expected. */
    private static final List<String> ODD = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e308",
            "1e999",
            "-1e999",
            "1e-999999999",
            "1e999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1.5",
            "-0.0",
            "NaN",
            "-Infinity",
            "\"NaN\"",
            "\"\"",
            "\" \"",
            "\"1e999999999\"",
            "\"0x1p3\"",
            "\"\\u0000\"",
            "\"a\\r\\nb\"",
            "\"\\ud800\"",
            "\"\\uffff\\udbff\"",
            "\"/../..\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"\":null}",
            "[{\"key\":1,\"value\":[]}]",
            "1".repeat(5000),
            "0." + "1".repeat(2000),
            "\"" + "x".repeat(100_000) + "\"",
            "[".repeat(30) + "]".repeat(30),
            "[".repeat(20_000),
            "{\"a\":".repeat(5000));

    private final Random random;

    Mutator(long seed) {
        random = new Random(seed);
    }

    <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Some bytes changed, lost, doubled or put in between. */
    byte[] bytes(byte[] original) {
        byte[] mutated = original;
        for (int i = random.nextInt(4); i >= 0; i--) {
            mutated = once(mutated);
        }
        return mutated;
    }

    private byte[] once(byte[] original) {
        int length = original.length;
        int from = length == 0 ? 0 : random.nextInt(length);
        int to = Math.min(length, from + random.nextInt(16));
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
        out.write(original, 0, from);
        switch (random.nextInt(5)) {
            case 0 -> {
                byte[] noise = new byte[1 + random.nextInt(8)];
                random.nextBytes(noise);
                out.writeBytes(noise);
                out.write(original, to, length - to);
            }
            case 1 -> out.write(original, to, length - to);
            case 2 -> {
                out.write(original, from, to - from);
                out.write(original, from, length - from);
            }
            case 3 -> {
                if (from < length) {
                    out.write(original[from] ^ (1 << random.nextInt(8)));
                    out.write(original, from + 1, length - from - 1);
                }
            }
            default -> {
                // Cut here.
            }
        }
        return out.toByteArray();
    }

    /** One value of the JSON, at whatever depth, replaced by an odd one. */
    byte[] json(String original) {
        try {
            JsonNode tree = Json.tree(original.getBytes(UTF_8));
            List<Consumer<JsonNode>> places = new ArrayList<>();
            collect(tree, places);
            oneOf(places).accept(TextNode.valueOf(MARK));
            return tree.toString().replace('"' + MARK + '"', oneOf(ODD)).getBytes(UTF_8);
        } catch (io.straightedge.protocol.codec.MessageException e) {
            throw new IllegalArgumentException(original, e);
        }
    }

    private static void collect(JsonNode node, List<Consumer<JsonNode>> places) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                places.add(odd -> object.set(name, odd));
                collect(object.get(name), places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                places.add(odd -> array.set(index, odd));
                collect(array.get(i), places);
            }
        }
    }
}
