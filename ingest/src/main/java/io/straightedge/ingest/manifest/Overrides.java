package io.straightedge.ingest.manifest;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.Names;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.Schedule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the user says under names that begin with {@code straightedge.}: it wins over everything derived.
 *
 * <p>Unlike a trainer's own arguments these are read strictly: one that is unknown or cannot be read is an error that
 * names it.
 */
final class Overrides {

    /** How their names begin. */
    static final String PREFIX = "straightedge.";

    private static final String METRIC = "metric.";
    private static final String LABEL = "label.";
    private static final Set<String> KNOWN = Set.of(
            "params",
            "paramsCount",
            "tokensPerStep",
            "plannedSteps",
            "plannedTokens",
            "sequenceLength",
            "vocabularySize",
            "flopsPerToken",
            "dataOrder",
            "optimizer",
            "lossReduction",
            "study",
            "schedule");

    private final Map<String, String> said;

    /** @throws IllegalArgumentException for a name that says nothing here */
    Overrides(Map<String, String> said) {
        this.said = said;
        said.keySet().forEach(name -> {
            if (!KNOWN.contains(name) && !name.startsWith(METRIC) && !name.startsWith(LABEL)) {
                throw new IllegalArgumentException(PREFIX + name + " is not known: there are " + accepted());
            }
        });
    }

    private static String accepted() {
        return new TreeSet<>(KNOWN) + " and " + METRIC + "loss, " + LABEL + "NAME after " + PREFIX;
    }

    boolean has(String field) {
        return said.containsKey(field);
    }

    @Nullable
    String text(String field) {
        String text = said.get(field);
        return text == null ? null : Names.require(text, PREFIX + field);
    }

    @Nullable
    Double positive(String field) {
        String text = said.get(field);
        if (text == null) {
            return null;
        }
        Double number = Values.parsed(text);
        if (number == null || number <= 0) {
            throw bad(field, "a finite number above 0");
        }
        return number;
    }

    @Nullable
    Long count(String field) {
        Double number = positive(field);
        if (number != null && (number != Math.rint(number) || number >= 0x1p53)) {
            throw bad(field, "a whole number of at least 1");
        }
        return number == null ? null : Long.valueOf(number.longValue());
    }

    @Nullable
    Integer size(String field) {
        Long count = count(field);
        if (count != null && count > Integer.MAX_VALUE) {
            throw bad(field, "a whole number up to " + Integer.MAX_VALUE);
        }
        return count == null ? null : Integer.valueOf(count.intValue());
    }

    /** One of an enum's words, whatever the case and however joined. */
    <E extends Enum<E>> @Nullable E word(String field, Class<E> words) {
        String text = said.get(field);
        if (text == null) {
            return null;
        }
        try {
            return Enum.valueOf(words, text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw bad(
                    field, "one of " + Arrays.toString(words.getEnumConstants()).toLowerCase(Locale.ROOT));
        }
    }

    @Nullable
    ParameterCount paramsCount() {
        return word("paramsCount", ParameterCount.class);
    }

    /** The schedule as JSON, as the event has it. */
    @Nullable
    Schedule schedule() {
        String text = said.get("schedule");
        if (text == null) {
            return null;
        }
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8), Schedule.class);
        } catch (MessageException e) {
            throw new IllegalArgumentException(
                    PREFIX + "schedule is no schedule: " + e.getMessage() + ": give JSON such as {\"kind\":\"cosine\","
                            + "\"warmupSteps\":100,\"peak\":3e-4}",
                    e);
        }
    }

    /** What a number is to how the trainer calls it. */
    Map<String, String> columns() {
        return below(METRIC);
    }

    Map<String, String> labels() {
        return below(LABEL);
    }

    private Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        said.forEach((name, value) -> {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private IllegalArgumentException bad(String field, String wanted) {
        String text = String.valueOf(said.get(field));
        String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return new IllegalArgumentException(
                PREFIX + field + " is " + shown.replaceAll("\\p{Cntrl}", "?") + ": it must be " + wanted);
    }
}
