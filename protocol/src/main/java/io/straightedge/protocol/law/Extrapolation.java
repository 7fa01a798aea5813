package io.straightedge.protocol.law;

import java.util.List;

/**
 * A forecast of losses at compute beyond the data: two laws, mixed, with a scale that was calibrated on held-out budgets.
 *
 * <p>ln L = (1 - w) ln f + w ln g, f Chinchilla's form and g the one with gamma, w the share. With C = 6ND and x =
 * max(0, ln C - ln C_max) the scale of ln L is lambda s, s^2 = sigma^2 + (.1 q)^2 for a run, plus p^2 + (.5 d)^2 +
 * (.002 x)^2 for the law: sigma the scatter of runs; q how far, in log loss, the point lies above the laws' frontier at
 * its C, the ratio D/N there held within that of the data; p the standard deviation of ln f from the covariance of its
 * coefficients; d half of |ln f - ln g|. Intervals are ln L +- t lambda s, t Student's with the degrees given. ln N* is
 * mixed alike, its scale lambda sqrt(p_N^2 + (.5 d_N)^2 + (.06 max(x, 1))^2). O(1). Tested on gaps of 3 to 30 times
 * C_max; beyond, only the terms in x, p and d grow.
 *
 * @param first f, fitted with more weight for large and for near-optimal runs and a weak prior on its exponents
 * @param second g, fitted alike
 * @param share w, in [0, 1]
 * @param covariance [5][5] of the theta of {@code first}
 * @param sigma standard deviation of a run's log loss
 * @param largestFlops C_max
 * @param leastTokensPerParam the least D/N of the data
 * @param mostTokensPerParam the largest
 * @param factor lambda
 * @param degrees of freedom of the intervals
 * @param budgets how many held-out budgets lambda was calibrated on; with 0 it is the shipped constant
 */
public record Extrapolation(
        ChinchillaLaw first,
        GammaLaw second,
        double share,
        List<List<Double>> covariance,
        double sigma,
        double largestFlops,
        double leastTokensPerParam,
        double mostTokensPerParam,
        double factor,
        int degrees,
        int budgets) {

    private static final double OF_EXCESS = 0.1;
    private static final double OF_DISAGREEMENT = 0.5;
    private static final double LOSS_PER_FOLD = 0.002;
    private static final double PARAMS_PER_FOLD = 0.06;

    public Extrapolation {
        covariance = List.copyOf(covariance);
    }

    /** A value and where it lies with some probability. */
    public record Band(double value, double lower, double upper) {

        private static Band of(double log, double half) {
            return new Band(Math.exp(log), Math.exp(log - half), Math.exp(log + half));
        }
    }

    /** Final loss of a run, nats per token, with an interval of probability {@code level}. */
    public Band run(double params, double tokens, double level) {
        double scale = Math.hypot(sdOfLaw(params, tokens), scatter(params, tokens));
        return Band.of(logLoss(params, tokens), half(level) * scale);
    }

    /** Mean loss of such runs, nats per token: without the scatter of runs. */
    public Band law(double params, double tokens, double level) {
        return Band.of(logLoss(params, tokens), half(level) * sdOfLaw(params, tokens));
    }

    /** N* of a budget. */
    public Band params(double flops, double level) {
        double one = Math.log(first.optimum(flops).params());
        double other = Math.log(second.optimum(flops).params());
        double ofCoefficients = new LawUncertainty(first, covariance).sdLogParams(flops);
        double ofForm = OF_DISAGREEMENT * 0.5 * (one - other);
        double ofDistance = PARAMS_PER_FOLD * Math.max(1, folds(flops));
        double scale = Math.hypot(Math.hypot(ofCoefficients, ofForm), ofDistance);
        return Band.of((1 - share) * one + share * other, half(level) * scale);
    }

    /** Standard deviation of the log loss of a run, lambda and all, before Student's quantile. */
    public double sdLogRun(double params, double tokens) {
        return factor * Math.hypot(sdOfLaw(params, tokens), scatter(params, tokens));
    }

    /** ln L of the mixture. */
    public double logLoss(double params, double tokens) {
        return (1 - share) * Math.log(first.loss(params, tokens)) + share * Math.log(second.loss(params, tokens));
    }

    /** Standard deviation of the law's ln L, before lambda. */
    private double sdOfLaw(double params, double tokens) {
        double loss = first.loss(params, tokens);
        double ofCoefficients = new LawUncertainty(first, covariance).sdLoss(params, tokens) / loss;
        double ofForm = OF_DISAGREEMENT * 0.5 * Math.log(loss / second.loss(params, tokens));
        double ofDistance = LOSS_PER_FOLD * folds(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens);
        return Math.hypot(Math.hypot(ofCoefficients, ofForm), ofDistance);
    }

    /** Standard deviation of a run's ln L about the law, before lambda. */
    private double scatter(double params, double tokens) {
        double excess = (1 - share) * excess(first, params, tokens) + share * excess(second, params, tokens);
        return Math.hypot(sigma, OF_EXCESS * excess);
    }

    /**
     * ln of the loss over that of the law's best split of the same compute, its D/N held within the data's; at least 0.
     */
    private double excess(SurfaceLaw law, double params, double tokens) {
        double product = params * tokens;
        double ratio =
                law.optimum(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * product).tokensPerParam();
        double held = Math.max(leastTokensPerParam, Math.min(mostTokensPerParam, ratio));
        double best = Math.sqrt(product / held);
        return Math.max(0, Math.log(law.loss(params, tokens) / law.loss(best, product / best)));
    }

    private double folds(double flops) {
        return Math.max(0, Math.log(flops / largestFlops));
    }

    private double half(double level) {
        return StudentT.central(degrees, level) * factor;
    }
}
