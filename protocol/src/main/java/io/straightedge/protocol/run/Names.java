package io.straightedge.protocol.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validation shared by the messages: names and numbers that every reader may rely on. */
public final class Names {

    /** Longest study, run or split name, in UTF-16 units: MLflow's longest key, and short enough for a log line. */
    public static final int MAX_LENGTH = 250;

    private static final int MAX_EXCERPT = 40;

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]");

    private Names() {}

    /**
     * A name that is neither blank, nor too long, nor holds control characters.
     *
     * @throws IllegalArgumentException which says what is wrong, without repeating an over-long name
     */
    public static String require(@Nullable String name, String field) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(field + " is missing: give a non-empty string");
        }
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    field + " has " + name.length() + " characters: at most " + MAX_LENGTH + " are allowed");
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw new IllegalArgumentException(field + " holds a control character at position " + i);
            }
        }
        return name;
    }

    /** Null, or a finite number above zero. */
    public static @Nullable Double requirePositive(@Nullable Double value, String field) {
        if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(field + " is " + value + ": it must be a finite number above 0");
        }
        return value;
    }

    /**
     * Whether a name is one of those given with spaces between, in whatever case and however its words are joined.
     */
    static boolean isOneOf(String name, String names) {
        return Arrays.stream(names.split(" ")).anyMatch(other -> letters(name).equals(letters(other)));
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    /** The text with ? for whatever would begin a new line or command a terminal, so that it can go into a log. */
    public static String plain(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** The text, or its beginning, without control characters. */
    static String excerpt(String text) {
        String plain = plain(text);
        return plain.length() <= MAX_EXCERPT ? plain : plain.substring(0, MAX_EXCERPT) + "...";
    }

    /** "a, b or c". */
    static <T> String oneOf(List<T> values, Function<T, String> name) {
        List<String> names = values.stream().map(name).toList();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    /** A count that is zero or more. */
    public static long requireNotNegative(long value, String field) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " is " + value + ": it must not be negative");
        }
        return value;
    }
}
