package io.straightedge.publisher.predict;

import org.jspecify.annotations.Nullable;

/**
 * What else is known of a budget's use; null where nothing is. Every number is above 0 and finite.
 *
 * @param inferenceTokens tokens that the model will serve
 * @param uniqueTokens different tokens that exist to train on; more can be had by repeating them
 * @param maxTokens most tokens that can be trained on
 * @param params N of the user's own plan; alone, its D is what the budget leaves
 * @param tokens D of the user's own plan; alone, its N is what the budget leaves
 */
public record Circumstances(
        @Nullable Double inferenceTokens,
        @Nullable Double uniqueTokens,
        @Nullable Double maxTokens,
        @Nullable Double params,
        @Nullable Double tokens) {

    /** Nothing else is known. */
    public static final Circumstances NONE = new Circumstances(null, null, null, null, null);

    public Circumstances {
        require("inferenceTokens", inferenceTokens);
        require("uniqueTokens", uniqueTokens);
        require("maxTokens", maxTokens);
        require("params", params);
        require("tokens", tokens);
    }

    private static void require(String name, @Nullable Double value) {
        if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be a finite number above 0, not " + value);
        }
    }
}
