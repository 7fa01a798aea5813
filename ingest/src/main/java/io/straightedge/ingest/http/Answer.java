package io.straightedge.ingest.http;

import io.straightedge.protocol.codec.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sender is told.
 *
 * @param retryAfterSeconds when to come again; null when coming again does not help
 */
record Answer(
        int status, Map<String, Object> body, @Nullable Integer retryAfterSeconds) {

    /** Everything good is stored; 400 when anything was rejected, so that careless senders notice. */
    static Answer stored(Parsed parsed) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accepted", parsed.records.size());
        body.put("rejectedCount", parsed.rejected());
        body.put("rejected", rejections(parsed));
        if (parsed.rejected() > 0) {
            body.put("message", "the " + parsed.records.size() + " good events are stored: do not send them again");
        }
        return new Answer(parsed.rejected() == 0 ? 200 : 400, body, null);
    }

    /** Nothing is acknowledged. */
    static Answer refused(int status, String message, @Nullable Integer retryAfterSeconds) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accepted", 0);
        body.put("rejected", List.of());
        body.put("message", message);
        return new Answer(status, body, retryAfterSeconds);
    }

    byte[] json() {
        return Json.write(body);
    }

    private static List<Map<String, Object>> rejections(Parsed parsed) {
        return parsed.rejections.stream()
                .map(rejection -> {
                    Map<String, Object> entry = new LinkedHashMap<>();
                    entry.put("line", rejection.line());
                    entry.put("reason", rejection.reason());
                    return entry;
                })
                .toList();
    }
}
