package io.straightedge.ingest.mlflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a longer list.
 *
 * @param next token of the next part; empty for the last one
 */
record Page(List<Map<String, Object>> elements, String next) {

    private static final int MOST = 50_000;

    /**
     * Which part a request asks for.
     *
     * @param from the first element, from 0
     */
    record Asked(long from, int most) {}

    /** What {@code page_token} and {@code max_results} say. */
    static Asked asked(Fields fields) {
        long most = fields.whole("max_results", 1000);
        if (most < 1 || most > MOST) {
            throw Refused.invalid("Invalid value for parameter 'max_results': it must be 1 to " + MOST + ".");
        }
        long from = fields.textOr("page_token", "").isEmpty() ? 0 : fields.whole("page_token", 0);
        if (from < 0) {
            throw Refused.invalid("Invalid value for parameter 'page_token'.");
        }
        return new Asked(from, (int) most);
    }

    /** That part of the list. */
    static Page of(Fields fields, List<Map<String, Object>> all) {
        Asked asked = asked(fields);
        int begin = (int) Math.min(asked.from(), all.size());
        int end = (int) Math.min((long) begin + asked.most(), all.size());
        return new Page(all.subList(begin, end), end < all.size() ? Integer.toString(end) : "");
    }

    /** The part itself, with one element more when there are more. */
    static Page of(Asked asked, List<Map<String, Object>> part) {
        return part.size() <= asked.most()
                ? new Page(part, "")
                : new Page(part.subList(0, asked.most()), Long.toString(asked.from() + asked.most()));
    }

    Map<String, Object> json(String name) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(name, elements);
        if (!next.isEmpty()) {
            json.put("next_page_token", next);
        }
        return json;
    }
}
