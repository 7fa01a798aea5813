package io.straightedge.deploy.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Whether the parts of this process are ready: each part's name and its own word, which is {@code ok} when it is. */
public final class Health {

    /** What a ready part says. */
    public static final String OK = "ok";

    private final Map<String, Supplier<String>> parts = new LinkedHashMap<>();

    /** Adds a part; before the server starts. */
    public void add(String part, Supplier<String> word) {
        parts.put(part, word);
    }

    /** Every part's word. */
    public Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        parts.forEach((part, word) -> words.put(part, word.get()));
        return words;
    }

    /** Whether all parts are ready. */
    public boolean ready() {
        return parts.values().stream().allMatch(word -> OK.equals(word.get()));
    }
}
