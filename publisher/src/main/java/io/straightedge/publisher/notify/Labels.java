package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels by which routes and silences choose alerts. Pure. */
public final class Labels {

    private Labels() {}

    /** Whether all match; a {@code *} at the end of a value stands for anything. */
    public static boolean match(Map<String, String> matchers, Alert alert) {
        return matchers.entrySet().stream()
                .allMatch(matcher -> matches(matcher.getValue(), value(matcher.getKey(), alert)));
    }

    static String severity(Alert.Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private static boolean matches(String pattern, @Nullable String value) {
        if (value == null) {
            return false;
        }
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
            case "severity" -> severity(alert.severity());
            default -> alert.labels().get(name);
        };
    }
}
