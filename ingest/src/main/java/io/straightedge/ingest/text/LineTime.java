package io.straightedge.ingest.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a line was logged, where it says so near its beginning and with an offset from UTC. A time without an offset is
 * that of a machine whose zone is not known here, and so is none.
 */
final class LineTime {

    private static final int PREFIX = 80;
    private static final Pattern STAMP =
            Pattern.compile("(20[0-9]{2}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})"
                    + "(?:[.,]([0-9]{1,9}+))?+ ?+(Z|[+-][0-9]{2}:?+[0-9]{2})");

    private LineTime() {}

    static @Nullable Instant of(String line) {
        String prefix = line.substring(0, Math.min(PREFIX, line.length()));
        Matcher stamp = prefix.contains("20") ? STAMP.matcher(prefix) : null;
        if (stamp == null || !stamp.find()) {
            return null;
        }
        String fraction = stamp.group(3) == null ? "" : "." + stamp.group(3);
        String offset = stamp.group(4);
        boolean bare = offset.length() == 5;
        try {
            return OffsetDateTime.parse(stamp.group(1) + "T" + stamp.group(2) + fraction
                            + (bare ? offset.substring(0, 3) + ":" + offset.substring(3) : offset))
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
