package io.straightedge.ingest.watch;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a watcher's positions are kept under. */
public final class WatcherId {

    private WatcherId() {}

    /**
     * The id of a watcher that was given none: another one for whatever makes its losses others than before.
     *
     * @param host where the files are
     * @param said what is followed, and how it is read
     */
    public static String of(String host, List<String> said) {
        String plain = host.replaceAll("[^A-Za-z0-9._-]", "-");
        return plain + "-"
                + Digests.of(String.join("\n", said).getBytes(StandardCharsets.UTF_8))
                        .substring(0, 12);
    }

    /**
     * The id that a person chose.
     *
     * @throws IllegalArgumentException when it could not be part of a key
     */
    public static String checked(String id) {
        if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException("the id " + id + " must be 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-'");
        }
        return id;
    }
}
