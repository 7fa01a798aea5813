package io.straightedge.ingest.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What a request's headers say of its body. */
final class Head {

    private Head() {}

    /**
     * Refuses what need not be read: 415 for another type or encoding, 413 for a length over the limit.
     *
     * @return whether the body is gzip
     */
    static boolean gzip(HttpHeaders headers, Set<String> contentTypes, Limits limits) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type != null && !contentTypes.contains(bare(type))) {
            throw new Refusal(415, "the content type must be " + String.join(" or ", new TreeSet<>(contentTypes)));
        }
        String encoding = bare(headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity"));
        if (!encoding.equals("gzip") && !encoding.equals("identity")) {
            throw new Refusal(415, "the content encoding must be gzip or identity");
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && (length.length() > 18 || Long.parseLong(length) > limits.bodyBytes())) {
            throw Body.tooLarge(limits);
        }
        return encoding.equals("gzip");
    }

    /** A header's value without its parameters. */
    static String bare(String header) {
        return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
