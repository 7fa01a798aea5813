package io.straightedge.protocol.law;

/**
 * Kaplan's own advice for a budget: each answer a power of C_min, the compute at a batch far below the critical one.
 *
 * <p>answer = scale x^exponent, x = C_min in PF-days. N non-embedding parameters, B tokens per step, S_min steps,
 * D tokens = B S up to rounding. Large models stopped early at the critical batch: not the optimum of
 * {@link KaplanLaw} under C = 6ND. O(1).
 *
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.7 and 1.8, prefactors in appendix A"
 */
public record KaplanAllocation(
        double paramsScale,
        double paramsExponent,
        double batchScale,
        double batchExponent,
        double stepsScale,
        double stepsExponent,
        double tokensScale,
        double tokensExponent) {

    /** FLOPs of one petaflop per second kept up for a day. */
    public static final double FLOPS_PER_PETAFLOP_DAY = 8.64e19;

    public KaplanAllocation {
        Coefficient.positive("Kaplan allocation", "paramsScale", paramsScale);
        Coefficient.positive("Kaplan allocation", "batchScale", batchScale);
        Coefficient.positive("Kaplan allocation", "stepsScale", stepsScale);
        Coefficient.positive("Kaplan allocation", "tokensScale", tokensScale);
        Coefficient.finite("Kaplan allocation", "paramsExponent", paramsExponent);
        Coefficient.finite("Kaplan allocation", "batchExponent", batchExponent);
        Coefficient.finite("Kaplan allocation", "stepsExponent", stepsExponent);
        Coefficient.finite("Kaplan allocation", "tokensExponent", tokensExponent);
    }

    /** N for {@code leastPetaflopDays} of C_min. */
    public double params(double leastPetaflopDays) {
        return paramsScale * Math.pow(leastPetaflopDays, paramsExponent);
    }

    /** Tokens per step, at the critical batch. */
    public double batchTokens(double leastPetaflopDays) {
        return batchScale * Math.pow(leastPetaflopDays, batchExponent);
    }

    /** S_min, a lower bound of the steps. */
    public double steps(double leastPetaflopDays) {
        return stepsScale * Math.pow(leastPetaflopDays, stepsExponent);
    }

    /** D, each token seen once. */
    public double tokens(double leastPetaflopDays) {
        return tokensScale * Math.pow(leastPetaflopDays, tokensExponent);
    }

    /** The exponent of L in C_min that the others imply: alpha_C = 1/(1/alpha_S + 1/alpha_B + 1/alpha_N). */
    public static double computeExponent(double alphaN, double alphaS, double alphaB) {
        return 1 / (1 / alphaS + 1 / alphaB + 1 / alphaN);
    }
}
