package io.straightedge.ingest.text;

import io.straightedge.ingest.source.Numbers;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as logs print them: with commas between thousands too, {@code 1,234}. */
final class LogNumber {

    private static final int LONGEST = 40;
    private static final Pattern THOUSANDS = Pattern.compile("[+-]?+[0-9]{1,3}+(?:,[0-9]{3})++(?:\\.[0-9]*+)?+");

    private LogNumber() {}

    /** The number that the text is; null when it is none. */
    static @Nullable Double of(String text) {
        boolean thousands = text.length() <= LONGEST
                && text.indexOf(',') > 0
                && THOUSANDS.matcher(text).matches();
        return Numbers.parse(thousands ? text.replace(",", "") : text);
    }

    /** The step that the text is: a whole number that is not negative, {@code 120.0} too; null when it is none. */
    static @Nullable Long step(String text) {
        Double value = of(text);
        return value == null ? null : Numbers.step(value);
    }
}
