package io.straightedge.ingest.source;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the user says of a file.
 *
 * @param columns what to how the file calls it; see {@link io.straightedge.ingest.metric.Wanted}, and for tables {@code
 *     run}, {@code split} and {@code time} too
 * @param line pattern of the user's own log lines, with groups named {@code step}, {@code loss} and at will {@code lr},
 *     {@code gradnorm}, {@code tokens}, {@code samples}, {@code split}
 */
public record SourceOptions(
        Map<String, String> columns, @Nullable Pattern line) {

    /** Nothing is said. */
    public static final SourceOptions NONE = new SourceOptions(Map.of(), null);

    public SourceOptions {
        columns = Map.copyOf(columns);
    }
}
