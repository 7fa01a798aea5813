package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What silences are about: labels of alerts with the values that they must have. Pure. */
final class Matchers {

    private Matchers() {}

    /** Whether all match; a {@code *} at the end of a value stands for anything. */
    static boolean match(Map<String, String> matchers, Alert alert) {
        return matchers.entrySet().stream().allMatch(matcher -> {
            String value = value(matcher.getKey(), alert);
            return value != null && matches(matcher.getValue(), value);
        });
    }

    private static boolean matches(String pattern, String value) {
        return pattern.endsWith("*")
                ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                : value.equals(pattern);
    }

    private static @Nullable String value(String name, Alert alert) {
        return switch (name) {
            case "alert" -> alert.id();
            case "study" -> alert.study();
            case "run" -> alert.run();
            case "rule" -> alert.rule();
            case "split" -> alert.split();
            case "owner" -> alert.owner();
            case "severity" -> alert.severity().name().toLowerCase(Locale.ROOT);
            default -> alert.labels().get(name);
        };
    }
}
