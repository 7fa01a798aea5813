package io.straightedge.publisher.rule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of a YAML file as it is read: every key is asked for by its type, what is wrong is noted and the default
 * taken, and {@link #done} notes keys that nobody has asked for. Not thread-safe.
 */
final class YamlBlock {

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(s|m|h|d)");

    private final YamlProblems problems;
    private final Node node;
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    /** @param what the block is, for messages: {@code rules}, {@code a sink} */
    YamlBlock(@Nullable Node node, Node parent, String what, YamlProblems problems) {
        this.problems = problems;
        this.node = node == null ? parent : node;
        if (node == null || absent(node)) {
            return;
        }
        if (!(node instanceof MappingNode mapping)) {
            problems.at(node, what + " must be a block of \"key: value\" lines, not " + kind(node));
            return;
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                problems.at(entry.getKeyNode(), "a key must be a word, not " + kind(entry.getKeyNode()));
            } else if (values.containsKey(key.getValue())) {
                problems.at(key, "'" + excerpt(key.getValue()) + "' is there twice: keep one");
            } else {
                keys.put(key.getValue(), key);
                values.put(key.getValue(), entry.getValueNode());
            }
        }
    }

    /** Where it is, for problems that concern the whole of it. */
    Node place() {
        return node;
    }

    /** The value's node, or the block's where there is none. */
    Node place(String key) {
        return values.getOrDefault(key, node);
    }

    boolean has(String key) {
        Node value = values.get(key);
        return value != null && !absent(value);
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    void unknown(String key, String allowed) {
        problems.at(keys.getOrDefault(key, node), "'" + excerpt(key) + "' is not known here; allowed: " + allowed);
    }

    /** Notes the keys that were not asked for. */
    void done() {
        for (String key : keys.keySet()) {
            if (!asked.contains(key)) {
                unknown(key, String.join(", ", asked));
            }
        }
    }

    YamlBlock block(String key) {
        asked.add(key);
        return new YamlBlock(values.get(key), node, key, problems);
    }

    /** The blocks of a list; none where there is no list. */
    List<YamlBlock> blocks(String key, String what) {
        List<YamlBlock> blocks = new ArrayList<>();
        elements(key).forEach(element -> blocks.add(new YamlBlock(element, element, what, problems)));
        return blocks;
    }

    private List<Node> elements(String key) {
        asked.add(key);
        Node value = values.get(key);
        if (value == null || absent(value)) {
            return List.of();
        }
        if (!(value instanceof SequenceNode list)) {
            problems.at(value, key + " must be a list, not " + kind(value));
            return List.of();
        }
        return list.getValue();
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Node element : elements(key)) {
            if (element instanceof ScalarNode scalar && !absent(element)) {
                texts.add(scalar.getValue());
            } else {
                problems.at(element, "an element of " + key + " must be text, not " + kind(element));
            }
        }
        return texts;
    }

    /** All keys with their texts. */
    Map<String, String> textByKey() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String key : names()) {
            String text = text(key);
            if (text != null) {
                texts.put(key, text);
            }
        }
        return texts;
    }

    @Nullable
    String text(String key) {
        asked.add(key);
        Node value = values.get(key);
        if (value == null || absent(value)) {
            return null;
        }
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        problems.at(value, key + " must be text, not " + kind(value));
        return null;
    }

    /** A number from {@code least}, itself allowed or not, to {@code most}. */
    double number(String key, double fallback, double least, boolean allowed, double most) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!(number > least || (allowed && number == least)) || number > most || Double.isInfinite(number)) {
            problems.at(
                    place(key),
                    key + " is '" + excerpt(text) + "': it must be a number " + (allowed ? "from " : "above ")
                            + plain(least) + (Double.isInfinite(most) ? (allowed ? " on" : "") : " to " + plain(most)));
            return fallback;
        }
        return number;
    }

    /** A whole number from {@code least} on. */
    long count(String key, long fallback, long least) {
        double number = number(key, (double) fallback, (double) least, true, 1e15);
        if (number != Math.rint(number)) {
            problems.at(place(key), key + " must be a whole number");
            return fallback;
        }
        return (long) number;
    }

    boolean flag(String key, boolean fallback) {
        String text = text(key);
        if (text == null || text.equals("true") || text.equals("false")) {
            return text == null ? fallback : text.equals("true");
        }
        problems.at(place(key), key + " is '" + excerpt(text) + "': it must be true or false");
        return fallback;
    }

    Duration duration(String key, Duration fallback) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            problems.at(
                    place(key),
                    key + " is '" + excerpt(text) + "': it must be a time with its unit, such as 90s, 15m, 1h or 2d");
            return fallback;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** One of an enum's constants, as {@code lower-case} words; the fallback where it is none of them. */
    <E extends Enum<E>> E word(String key, Class<E> type, E fallback) {
        String text = text(key);
        if (text == null) {
            return fallback;
        }
        List<String> allowed = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String word = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (word.equals(text)) {
                return constant;
            }
            allowed.add(word);
        }
        problems.at(place(key), key + " is '" + excerpt(text) + "'; allowed: " + String.join(", ", allowed));
        return fallback;
    }

    private static boolean absent(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static String kind(Node node) {
        if (absent(node)) {
            return "nothing";
        }
        return switch (node.getNodeType()) {
            case MAPPING -> "a block";
            case SEQUENCE -> "a list";
            default -> "a value";
        };
    }

    /** The text, or its beginning, without control characters. */
    static String excerpt(String text) {
        String inert = text.replaceAll("\\p{Cntrl}", "?");
        return inert.length() <= 40 ? inert : inert.substring(0, 40) + "...";
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
