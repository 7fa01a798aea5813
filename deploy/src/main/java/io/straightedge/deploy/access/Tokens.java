package io.straightedge.deploy.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a file: one JSON object a line, blank lines and lines that begin with {@code #} aside. Immutable.
 *
 * <pre>{"name":"cluster-a","sha256":"9f86...","ingest":["proj*"],"read":["*"],"expires":"2027-01-01T00:00:00Z"}</pre>
 */
public record Tokens(List<Token> all) {

    private static final Set<String> FIELDS = Set.of("name", "sha256", "ingest", "read", "admin", "expires");

    public Tokens {
        all = List.copyOf(all);
    }

    /**
     * Reads a file's text; one bad line refuses all of it, as half of a list of tokens is not what anybody meant.
     *
     * @throws IllegalArgumentException which names the line, never what it holds
     */
    public static Tokens parse(String text) {
        List<Token> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Token token = token(line, number);
            if (!names.add(token.name())) {
                throw new IllegalArgumentException("line " + number + ": there are two tokens named " + token.name());
            }
            tokens.add(token);
        }
        return new Tokens(tokens);
    }

    /** The line that keeps a token, without its line end. */
    public static String line(Token token) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", token.name());
        fields.put("sha256", token.sha256());
        for (Scope scope : Scope.values()) {
            Set<String> patterns = token.projects().getOrDefault(scope, Set.of());
            if (!patterns.isEmpty()) {
                fields.put(word(scope), patterns.stream().sorted().toList());
            }
        }
        if (token.expires() != null) {
            fields.put("expires", token.expires().toString());
        }
        return new String(Json.write(fields), UTF_8);
    }

    /** The token of that text, valid or not; null when there is none. Looks at all of them, whatever it finds. */
    @Nullable
    Token find(String text) {
        String hash = Token.hash(text);
        Token found = null;
        for (Token token : all) {
            if (token.is(hash)) {
                found = token;
            }
        }
        return found;
    }

    private static Token token(String line, int number) {
        try {
            JsonNode node = Json.tree(line.getBytes(UTF_8));
            if (!node.isObject()) {
                throw new IllegalArgumentException("not a JSON object");
            }
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                if (!FIELDS.contains(names.next())) {
                    throw new IllegalArgumentException("a field that no token has: there are " + FIELDS);
                }
            }
            String expires = text(node, "expires");
            return new Token(
                    required(node, "name"),
                    required(node, "sha256"),
                    projects(node),
                    expires == null ? null : Instant.parse(expires));
        } catch (MessageException e) {
            throw new IllegalArgumentException("line " + number + ": not JSON", e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "line " + number + ": expires is not a time like 2027-01-01T00:00:00Z", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
        }
    }

    private static Map<Scope, Set<String>> projects(JsonNode node) {
        Map<Scope, Set<String>> projects = new EnumMap<>(Scope.class);
        for (Scope scope : Scope.values()) {
            JsonNode patterns = node.get(word(scope));
            if (patterns == null) {
                continue;
            }
            Set<String> of = new LinkedHashSet<>();
            for (JsonNode pattern : patterns) {
                if (!pattern.isTextual()) {
                    throw new IllegalArgumentException(word(scope) + " is not a list of patterns");
                }
                of.add(pattern.textValue());
            }
            if (of.isEmpty()) {
                throw new IllegalArgumentException(word(scope) + " is not a list of patterns, such as [\"*\"]");
            }
            projects.put(scope, of);
        }
        return projects;
    }

    private static String required(JsonNode node, String field) {
        String text = text(node, field);
        if (text == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return text;
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is not a string");
        }
        return value.textValue();
    }

    private static String word(Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }
}
