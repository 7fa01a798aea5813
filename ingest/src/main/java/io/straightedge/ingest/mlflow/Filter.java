package io.straightedge.ingest.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A search filter: comparisons of attributes, tags, parameters and metrics with constants, joined by AND.
 *
 * <p>{@code tags.`mlflow.user` = 'me' AND attributes.status = 'RUNNING' AND metrics.loss < 3}. Texts are compared with
 * {@code =, !=, LIKE, ILIKE}, numbers with {@code =, !=, <, <=, >, >=}.
 */
final class Filter {

    private static final Pattern CLAUSE =
            Pattern.compile("\\s*(?:(\\w+)\\.)?(`[^`]+`|\"[^\"]+\"|[\\w/.\\-]+)\\s*(!=|<=|>=|=|<|>|(?i:I?LIKE)\\b)\\s*"
                    + "('[^']*'|\"[^\"]*\"|[-+.\\w]+)\\s*");

    private static final Pattern AND = Pattern.compile("(?i:AND)\\s+");

    private static final int MOST_CHARACTERS = 6000;

    /** What a comparison looks at. */
    private enum Kind {
        ATTRIBUTE,
        TAG,
        PARAM,
        METRIC
    }

    private record Clause(Kind kind, String key, String operator, String constant) {}

    /** Where the values of what is searched come from; null for one that it has not. */
    interface Source {
        @Nullable
        String attribute(String name);

        @Nullable
        String tag(String key);

        @Nullable
        String param(String key);

        @Nullable
        Double metric(String key);
    }

    private final List<Clause> clauses = new ArrayList<>();

    /** @throws Refused for a filter that is not understood */
    Filter(String text) {
        if (text.isBlank()) {
            return;
        }
        if (text.length() > MOST_CHARACTERS) {
            throw Refused.invalid("The filter has more than " + MOST_CHARACTERS + " characters.");
        }
        Matcher clause = CLAUSE.matcher(text);
        Matcher and = AND.matcher(text);
        int at = 0;
        while (true) {
            clause.region(at, text.length());
            if (!clause.lookingAt()) {
                throw bad(text);
            }
            clauses.add(clause(clause, text));
            if (clause.end() == text.length()) {
                return;
            }
            and.region(clause.end(), text.length());
            if (!and.lookingAt()) {
                throw bad(text);
            }
            at = and.end();
        }
    }

    private static Refused bad(String text) {
        return Refused.invalid("Invalid filter '" + Fields.excerpt(text)
                + "': comparisons such as tags.x = 'v', params.x = 'v', metrics.x > 1 or attributes.status = 'RUNNING'"
                + " can be joined by AND.");
    }

    private static Clause clause(Matcher clause, String text) {
        String kind = clause.group(1) == null ? "attribute" : clause.group(1).toLowerCase(Locale.ROOT);
        Kind of = switch (kind) {
            case "attribute", "attributes", "attr", "run" -> Kind.ATTRIBUTE;
            case "tag", "tags" -> Kind.TAG;
            case "param", "params", "parameter", "parameters" -> Kind.PARAM;
            case "metric", "metrics" -> Kind.METRIC;
            default -> throw bad(text);
        };
        return new Clause(
                of, unquoted(clause.group(2)), clause.group(3).toUpperCase(Locale.ROOT), unquoted(clause.group(4)));
    }

    private static String unquoted(String text) {
        return text.matches("(?s)(['\"`]).*\\1") && text.length() >= 2 ? text.substring(1, text.length() - 1) : text;
    }

    boolean matches(Source source) {
        return clauses.stream().allMatch(clause -> matches(clause, source));
    }

    private static boolean matches(Clause clause, Source source) {
        String found = switch (clause.kind()) {
            case ATTRIBUTE -> source.attribute(clause.key());
            case TAG -> source.tag(clause.key());
            case PARAM -> source.param(clause.key());
            case METRIC -> {
                Double value = source.metric(clause.key());
                yield value == null ? null : value.toString();
            }
        };
        if (found == null) {
            return false;
        }
        return switch (clause.operator()) {
            case "=" -> equal(clause, found);
            case "!=" -> !equal(clause, found);
            case "LIKE" -> like(clause.constant(), found);
            case "ILIKE" -> like(clause.constant().toLowerCase(Locale.ROOT), found.toLowerCase(Locale.ROOT));
            default -> compared(clause, found);
        };
    }

    private static boolean equal(Clause clause, String found) {
        return clause.kind() == Kind.METRIC
                ? number(found) == number(clause.constant())
                : found.equals(clause.constant());
    }

    private static boolean compared(Clause clause, String found) {
        double left = number(found);
        double right = number(clause.constant());
        return switch (clause.operator()) {
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw Refused.invalid("In the filter '" + Fields.excerpt(text) + "' must be a number.");
        }
    }

    /** {@code %} stands for any text, {@code _} for any character. */
    private static boolean like(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int marked = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '%') {
                star = p++;
                marked = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '_' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++marked;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '%') {
            p++;
        }
        return p == pattern.length();
    }
}
