package io.straightedge.publisher.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: path segments, each percent-decoded by itself so that a name may hold a slash, and the query.
 *
 * @param segments decoded; null when an escape is broken
 */
record Address(String path, @Nullable List<String> segments, QueryStringDecoder query) {

    static Address of(String uri) {
        QueryStringDecoder query = new QueryStringDecoder(uri);
        String path = query.rawPath();
        return new Address(path, decoded(path), query);
    }

    /** The segment at {@code index}, or null when there is none. */
    @Nullable
    String segment(int index) {
        return segments == null || index >= segments.size() ? null : segments.get(index);
    }

    /** The first value of a query parameter, or null. */
    @Nullable
    String parameter(String name) {
        List<String> values = query.parameters().get(name);
        return values == null || values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    private static @Nullable List<String> decoded(String path) {
        try {
            return Arrays.stream(path.substring(Math.min(1, path.length())).split("/", -1))
                    // In a path a plus sign is a plus sign; the decoder is one of forms.
                    .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
