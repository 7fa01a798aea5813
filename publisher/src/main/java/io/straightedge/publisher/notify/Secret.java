package io.straightedge.publisher.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret; it does not print itself. */
record Secret(String text) {

    private static final long LONGEST_BYTES = 4096;

    /**
     * The first line of a file.
     *
     * @throws IllegalArgumentException when there is none that can be used
     */
    static Secret read(String file) {
        Path path = Path.of(file);
        try {
            if (Files.size(path) > LONGEST_BYTES) {
                throw new IllegalArgumentException("the file " + file + " is too long to be a secret");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8).strip();
            if (text.isEmpty() || text.chars().anyMatch(character -> character < ' ' || character > '~')) {
                throw new IllegalArgumentException(
                        "the file " + file + " must hold one line of plain text, the secret");
            }
            return new Secret(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + file + " with a secret cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
