package io.straightedge.protocol.law;

/**
 * A model to be trained to a given loss and then served, beside the one that is cheapest to train to it.
 *
 * @param training the model with the least compute for training and serving together
 * @param trainingOptimum the model with the least compute for training alone
 * @param inferenceTokens tokens to serve
 * @param totalFlops 6ND of training plus 2N for each token served, of {@code training}
 * @param totalFlopsOfOptimum the same of {@code trainingOptimum}
 */
public record ServedPlan(
        Allocation training,
        Allocation trainingOptimum,
        double inferenceTokens,
        double totalFlops,
        double totalFlopsOfOptimum) {

    /** The share of the total compute that {@code training} saves. */
    public double savedShare() {
        return 1 - totalFlops / totalFlopsOfOptimum;
    }

    /** Its size beside that of the training optimum. */
    public double shareOfParams() {
        return training.params() / trainingOptimum.params();
    }
}
