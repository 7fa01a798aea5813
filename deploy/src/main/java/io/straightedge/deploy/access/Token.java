package io.straightedge.deploy.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is kept: what it allows and the SHA-256 of its text, which nobody can turn back.
 *
 * <p>The text holds 256 random bits, so a plain hash is enough: there is nothing to guess that a slow hash would protect.
 *
 * @param sha256 in lower-case hexadecimal
 * @param expires from when on it is worth nothing; null for never
 */
public record Token(
        String name,
        String sha256,
        Map<Scope, Set<String>> projects,
        @Nullable Instant expires) {

    /** No text of a token is longer; longer ones are not even hashed. */
    public static final int MAX_TEXT = 256;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_PATTERN = 256;
    private static final String PREFIX = "se_";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    public Token {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a token has 1 to 64 letters, digits, dots, dashes and underscores");
        }
        if (!HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 of token " + name + " is not 64 hexadecimal digits");
        }
        if (projects.values().stream().allMatch(Set::isEmpty)) {
            throw new IllegalArgumentException("token " + name + " allows nothing: give it ingest, read or admin");
        }
        projects.values().forEach(patterns -> patterns.forEach(Token::requirePattern));
        projects = Map.copyOf(projects);
    }

    /** A new token's text. */
    public static String text() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The SHA-256 of a token's text, in hexadecimal. */
    public static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether it is the token of that hash, in a time that does not depend on how much of it is right. */
    boolean is(String hash) {
        return MessageDigest.isEqual(sha256.getBytes(US_ASCII), hash.getBytes(US_ASCII));
    }

    /** Whether it is worth anything at that time. */
    public boolean validAt(Instant time) {
        return expires == null || time.isBefore(expires);
    }

    /** Who holds it. */
    public Caller caller() {
        return new Caller(name, projects);
    }

    private static void requirePattern(String pattern) {
        int star = pattern.indexOf('*');
        if (pattern.isBlank() || pattern.length() > MAX_PATTERN || (star >= 0 && star < pattern.length() - 1)) {
            throw new IllegalArgumentException("\"" + pattern
                    + "\" is no pattern of studies: give a name, a beginning with * at its end, or * for all");
        }
    }
}
