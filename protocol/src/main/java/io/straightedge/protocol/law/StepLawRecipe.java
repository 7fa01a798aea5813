package io.straightedge.protocol.law;

/**
 * Peak learning rate and batch size from N and D.
 *
 * <p>rate = rateScale N^rateByParams D^rateByTokens; batch = batchScale D^batchByTokens tokens per step. N non-embedding
 * parameters, D tokens. O(1).
 *
 * @see "Li et al. 2025, arXiv 2503.04715, the Step Law"
 */
public record StepLawRecipe(
        double rateScale, double rateByParams, double rateByTokens, double batchScale, double batchByTokens) {

    public StepLawRecipe {
        Coefficient.positive("step law", "rateScale", rateScale);
        Coefficient.positive("step law", "batchScale", batchScale);
        Coefficient.finite("step law", "rateByParams", rateByParams);
        Coefficient.finite("step law", "rateByTokens", rateByTokens);
        Coefficient.finite("step law", "batchByTokens", batchByTokens);
    }

    /** The best peak learning rate. */
    public double learningRate(double params, double tokens) {
        return rateScale * Math.pow(params, rateByParams) * Math.pow(tokens, rateByTokens);
    }

    /** The best batch, tokens per step. */
    public double batchTokens(double tokens) {
        return batchScale * Math.pow(tokens, batchByTokens);
    }
}
