package io.straightedge.ingest.watch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one source stands, for people.
 *
 * @param format null while it is not known
 * @param because what gave the format away, or why it is not known
 * @param run that of the last loss, whose are step and loss; null before the first
 * @param step highest step read; null before the first
 * @param sent losses sent, those of earlier processes included
 * @param behindBytes bytes that are there and not yet read; packed files not counted
 * @param unreadable places that could not be read
 * @param modifiedMillis when the newest of its files was last written
 * @param incomplete what is there and not yet complete, in a few words
 * @param missing run to the options that would say what a forecast of it needs, for those of which something is missing
 */
public record Followed(
        String source,
        List<String> runs,
        @Nullable String format,
        String because,
        @Nullable String run,
        @Nullable Long step,
        @Nullable Double loss,
        long sent,
        long behindBytes,
        long unreadable,
        long modifiedMillis,
        @Nullable String incomplete,
        boolean gone,
        Map<String, String> missing) {
    public Followed {
        missing = Map.copyOf(missing);
        runs = List.copyOf(runs);
    }
}
