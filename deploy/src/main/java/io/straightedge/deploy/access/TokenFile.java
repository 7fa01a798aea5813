package io.straightedge.deploy.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of tokens as it is now. A changed file takes effect when it is next looked at; a broken or missing one changes
 * nothing, and is told in the log. Thread-safe.
 */
public final class TokenFile {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final long MAX_BYTES = 4 << 20;

    private final Path path;
    private final InstantSource clock;
    private byte[] seen;
    private boolean broken;
    private volatile Tokens tokens;

    private TokenFile(Path path, InstantSource clock, byte[] seen, Tokens tokens) {
        this.path = path;
        this.clock = clock;
        this.seen = seen;
        this.tokens = tokens;
    }

    /**
     * Reads it.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is broken or holds no token
     */
    public static TokenFile open(Path path, InstantSource clock) throws IOException {
        byte[] bytes = read(path);
        Tokens tokens = parsed(path, bytes);
        if (tokens.all().isEmpty()) {
            throw new IllegalArgumentException(
                    path + " holds no token: make one with straightedge token new --name NAME"
                            + " --ingest '*' --read '*' --file " + path);
        }
        return new TokenFile(path, clock, bytes, tokens);
    }

    /** Looks whether the file has changed. */
    public synchronized void refresh() {
        try {
            byte[] bytes = read(path);
            if (Arrays.equals(bytes, seen)) {
                broken = false;
                return;
            }
            seen = bytes;
            tokens = parsed(path, bytes);
            broken = false;
            LOG.info("{} has changed: {} tokens", path, tokens.all().size());
        } catch (IOException | IllegalArgumentException e) {
            if (!broken) {
                LOG.error("The tokens of {} stay as they were, as the file cannot be used: {}", path, e.toString());
            }
            broken = true;
        }
    }

    /** The valid token of that text; null when there is none. */
    public @Nullable Token find(String text) {
        if (text.isEmpty() || text.length() > Token.MAX_TEXT) {
            return null;
        }
        Token token = tokens.find(text);
        return token != null && token.validAt(clock.instant()) ? token : null;
    }

    /** The token itself as long as it is valid, unchanged in the file; else null. */
    public @Nullable Token still(Token token) {
        return tokens.all().contains(token) && token.validAt(clock.instant()) ? token : null;
    }

    private static byte[] read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder: give a file");
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException(path + " has more than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(path);
    }

    private static Tokens parsed(Path path, byte[] bytes) {
        try {
            return Tokens.parse(new String(bytes, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ", " + e.getMessage(), e);
        }
    }
}
