package io.straightedge.ingest.manifest;

/**
 * A dense decoder-only transformer, as far as the number of its parameters goes.
 *
 * <p>N = V h (once if tied, else twice) + P h + L (attention + feed-forward + norms) + final norm. With q = heads x head
 * size and k = key-value heads x head size: attention is h q + 2 h k + q h and its biases, feed-forward 2 h f (3 h f if
 * gated) and its biases.
 *
 * @param vocabulary V, rows of the embedding
 * @param width h
 * @param layers L
 * @param inner f, the width of the feed-forward part
 * @param queryWidth q
 * @param keyWidth k
 * @param positions P, rows of a learned position embedding; 0 without one
 * @param tied whether the output layer is the embedding
 * @param gated whether the feed-forward part has a third matrix
 * @param queryBias whether queries, keys and values have biases
 * @param outputBias whether the attention's output has one
 * @param innerBias whether the feed-forward matrices have
 * @param normParams parameters of one norm of width h: h, 2 h with a bias, 0 without any
 * @param norms norms of width h in each layer
 * @param otherPerLayer further parameters of each layer, such as norms of queries and keys
 * @param other further parameters outside the layers
 */
record Architecture(
        double vocabulary,
        double width,
        double layers,
        double inner,
        double queryWidth,
        double keyWidth,
        double positions,
        boolean tied,
        boolean gated,
        boolean queryBias,
        boolean outputBias,
        boolean innerBias,
        double normParams,
        double norms,
        double otherPerLayer,
        double other) {

    /** N with all embeddings. */
    double total() {
        double attention = width * (2 * queryWidth + 2 * keyWidth)
                + (queryBias ? queryWidth + 2 * keyWidth : 0)
                + (outputBias ? width : 0);
        double feedForward = (gated ? 3 : 2) * width * inner + (innerBias ? (gated ? 2 : 1) * inner + width : 0);
        double layer = attention + feedForward + norms * normParams + otherPerLayer;
        return vocabulary * width * (tied ? 1 : 2) + positions * width + layers * layer + normParams + other;
    }
}
