package io.straightedge.ingest.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value and how it came about, in words for people.
 *
 * @param how such as {@code "derived from hidden_size, vocab_size"}
 */
record Derived<T>(T value, String how) {

    /** A value that stands in the configuration under that name. */
    static <T> Derived<T> read(T value, @Nullable String name) {
        return new Derived<>(value, "read from " + name);
    }

    /** A value worked out from several; names that are null had no part in it. */
    static <T> Derived<T> from(T value, @Nullable String... names) {
        return from(value, Arrays.asList(names));
    }

    static <T> Derived<T> from(T value, List<? extends @Nullable String> names) {
        return new Derived<>(
                value,
                names.stream()
                        .filter(name -> name != null)
                        .distinct()
                        .collect(Collectors.joining(", ", "derived from ", "")));
    }
}
