package io.straightedge.protocol.law;

/** Answers to what a budget should buy, for any law of N and D under C = 6ND. Pure; nothing is NaN for arguments > 0. */
public final class Plans {

    /** FLOPs per parameter to infer one token. */
    public static final double INFERENCE_FLOPS_PER_PARAMETER_TOKEN = 2;

    /** Beyond this factor either way of N* the search for an edge stops. */
    private static final double FARTHEST = 1e12;

    private Plans() {}

    /**
     * The run of {@code params} that reaches {@code loss}: what a smaller or larger model than the optimum costs.
     *
     * <p>D solves L(params, D) = loss; beside {@link SurfaceLaw#computeFor} its flops show the extra. Tokens and flops
     * are infinite when the model cannot reach the loss.
     */
    public static Allocation overtrained(SurfaceLaw law, double loss, double params) {
        double tokens = law.tokensFor(params, loss);
        return new Allocation(flops(params, tokens), params, tokens, loss);
    }

    /** The best split of {@code flops} when at most {@code mostTokens} can be trained on. */
    public static Allocation tokenLimited(SurfaceLaw law, double flops, double mostTokens) {
        Allocation best = law.optimum(flops);
        if (best.tokens() <= mostTokens) {
            return best;
        }
        double params = flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN / mostTokens;
        return new Allocation(flops, params, mostTokens, law.loss(params, mostTokens));
    }

    /**
     * The model that reaches {@code loss} with the least compute for training and serving together.
     *
     * <p>Minimises 6 N D(N) + 2 N D_inf over N, D(N) = {@link SurfaceLaw#tokensFor}, D_inf &gt;= 0 tokens served; N to
     * about 1e-8, the total to rounding. Where a FLOP of serving costs w times one of training, give w D_inf. Throws
     * IllegalArgumentException when no compute reaches the loss.
     *
     * @see "Sardana and Frankle 2023, arXiv 2401.00448, its objective of FLOPs"
     */
    public static ServedPlan leastTotalCompute(SurfaceLaw law, double loss, double inferenceTokens) {
        double least = law.computeFor(loss);
        if (!(least > 0 && least < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "no compute reaches a loss of " + loss + " by this law, whose floor is " + law.irreducible());
        }
        if (!(inferenceTokens >= 0 && inferenceTokens < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tokens to serve must be finite and >= 0, not " + inferenceTokens);
        }
        Allocation optimum = law.optimum(least);
        double smallest = LogLine.root(
                n -> Double.isInfinite(law.tokensFor(n, loss)) ? -1 : 1, optimum.params() / FARTHEST, optimum.params());
        double params =
                LogLine.minimum(n -> total(overtrained(law, loss, n), inferenceTokens), smallest, 2 * optimum.params());
        Allocation training = overtrained(law, loss, params);
        return new ServedPlan(
                training, optimum, inferenceTokens, total(training, inferenceTokens), total(optimum, inferenceTokens));
    }

    /**
     * The smallest and the largest N whose loss at {@code flops} is within {@code relativeLoss} (&gt; 0) of the
     * optimum's.
     *
     * <p>The roots of L(N, C/6N) = (1 + relativeLoss) L_opt(C) on each side of N*, to about 1e-14. 0 or infinite on a
     * side where the loss does not rise that far within a factor of 1e12.
     */
    public static double[] paramsWithin(SurfaceLaw law, double flops, double relativeLoss) {
        if (!(relativeLoss > 0)) {
            throw new IllegalArgumentException("the tolerance of loss must be > 0, not " + relativeLoss);
        }
        Allocation best = law.optimum(flops);
        double target = best.loss() * (1 + relativeLoss);
        return new double[] {edge(law, flops, best.params(), 0.5, target), edge(law, flops, best.params(), 2, target)};
    }

    /** What {@code params} on {@code tokens} spend beyond the least compute that gives the same loss, FLOPs; &gt;= 0. */
    public static double wastedFlops(SurfaceLaw law, double params, double tokens) {
        return Math.max(0, flops(params, tokens) - law.computeFor(law.loss(params, tokens)));
    }

    private static double edge(SurfaceLaw law, double flops, double best, double factor, double target) {
        double inner = best;
        double outer = best * factor;
        while (!(excess(law, flops, outer, target) > 0)) {
            inner = outer;
            outer *= factor;
            if (outer > best * FARTHEST) {
                return Double.POSITIVE_INFINITY;
            }
            if (outer < best / FARTHEST) {
                return 0;
            }
        }
        return factor > 1
                ? LogLine.root(n -> excess(law, flops, n, target), inner, outer)
                : LogLine.root(n -> -excess(law, flops, n, target), outer, inner);
    }

    private static double excess(SurfaceLaw law, double flops, double params, double target) {
        return law.loss(params, flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN / params) - target;
    }

    private static double total(Allocation training, double inferenceTokens) {
        return training.flops() + INFERENCE_FLOPS_PER_PARAMETER_TOKEN * training.params() * inferenceTokens;
    }

    private static double flops(double params, double tokens) {
        return ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
    }
}
