package io.straightedge.ingest.source;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as files write them. */
public final class Numbers {

    /** Seconds since 1970 of the years 2001 and 2100: a wall clock outside of these is none. */
    private static final double EARLIEST_SECONDS = 1e9;

    private static final double LATEST_SECONDS = 4.1e9;

    /** Beyond this a double no longer tells one whole number from the next. */
    private static final double LARGEST_STEP = 0x1p53;

    private static final int LONGEST = 60;

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:\\d++\\.?+\\d*+|\\.\\d++)(?:[eE][+-]?\\d++)?+");

    private Numbers() {}

    /** The number that the text is, {@code NaN}, {@code inf} and their kin too; null when it is none. */
    public static @Nullable Double parse(String text) {
        String bare = text.strip();
        if (bare.length() > LONGEST) {
            return null;
        }
        if (DECIMAL.matcher(bare).matches()) {
            return Double.valueOf(bare);
        }
        return switch (bare.toLowerCase(Locale.ROOT)) {
            case "nan", "-nan", "+nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    /** The step that the number is: whole, 0 or more; null when it is none. */
    public static @Nullable Long step(double number) {
        return number >= 0 && number <= LARGEST_STEP && number == Math.rint(number) ? (long) number : null;
    }

    /** The time so many seconds after 1970; null when a clock cannot have said so. */
    public static @Nullable Instant time(double epochSeconds) {
        return epochSeconds >= EARLIEST_SECONDS && epochSeconds <= LATEST_SECONDS
                ? Instant.ofEpochMilli(Math.round(epochSeconds * 1000))
                : null;
    }
}
