package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.Plans;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.protocol.signal.Recommendation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a law says about a budget and about what else is known of its use. A function of the law estimate alone; what
 * the law says nothing finite of is left out, with a note.
 *
 * @param optimum the best split of the budget, with intervals, the band of nearly as good N and what speaks against it
 * @param plan what the user's own N and D cost; null when not asked
 * @param otherSizes models of other sizes than N* that reach its loss: three quarters, half and three tenths of N*,
 *     then the user's
 * @param served when tokens are to be served too; null when not asked
 * @param repeated when unique tokens are few; null when not asked
 * @param tokenLimited when tokens are few and not repeated; null when not asked
 * @param notes what could not be said, and why
 */
public record Advice(
        Recommendation optimum,
        @Nullable PlanReview plan,
        List<OtherSize> otherSizes,
        @Nullable Served served,
        @Nullable RepeatedData repeated,
        @Nullable TokenLimit tokenLimited,
        List<String> notes) {

    private static final double[] SHARES = {0.75, 0.5, 0.3};

    /**
     * A model of another size than the optimum, trained until it is as good.
     *
     * @param shareOfParams N/N*
     * @param params N
     * @param tokens D that reaches the loss; infinite when none does
     * @param flops 6ND
     * @param tokensTimes D/D*
     * @param extraShare flops beyond the optimum's, as a part of them
     * @param caveats what speaks against relying on it, in words
     */
    public record OtherSize(
            double shareOfParams,
            double params,
            double tokens,
            double flops,
            double tokensTimes,
            double extraShare,
            List<String> caveats) {

        public OtherSize {
            caveats = List.copyOf(caveats);
        }
    }

    /**
     * The user's own plan beside the best.
     *
     * @param loss of a run with the plan's N and D
     * @param excessLoss over the best loss for as much compute; the law's own uncertainty, without the scatter of runs
     * @param wastedFlops what the plan spends beyond the least compute that gives its loss
     * @param wastedShare that as a part of the plan's flops
     * @param sameFlops the best for as much compute
     * @param sameLoss the least compute that gives as good a loss
     * @param caveats what speaks against relying on it, in words
     */
    public record PlanReview(
            double params,
            double tokens,
            double flops,
            Interval loss,
            Interval excessLoss,
            double wastedFlops,
            double wastedShare,
            Allocation sameFlops,
            Allocation sameLoss,
            List<String> caveats) {

        public PlanReview {
            caveats = List.copyOf(caveats);
        }
    }

    public Advice {
        otherSizes = List.copyOf(otherSizes);
        notes = List.copyOf(notes);
    }

    /** For a budget in FLOPs (&gt; 0, finite); null without a law of N and D, or where it says nothing finite. */
    public static @Nullable Advice of(LawEstimate estimate, double budgetFlops, Circumstances known) {
        LawSpread spread = LawSpread.of(estimate);
        Recommendation optimum = Recommendations.at(estimate, budgetFlops);
        if (spread == null || optimum == null) {
            return null;
        }
        SurfaceLaw law = spread.law();
        Allocation best = law.optimum(budgetFlops);
        Support support = Support.of(estimate);
        List<String> notes = new ArrayList<>();
        RepeatedData repeated = null;
        if (known.uniqueTokens() != null) {
            repeated = RepeatedData.of(law, best, known.uniqueTokens(), support);
            if (repeated == null) {
                notes.add("repeated data is worked out for Chinchilla's form only, and the law is of another");
            }
        }
        Served served = null;
        if (known.inferenceTokens() != null) {
            if (Double.isFinite(law.computeFor(best.loss()))) {
                served = Served.of(law, best, known.inferenceTokens(), support);
            } else {
                notes.add("serving is not worked out: the law does not say what compute its best loss needs");
            }
        }
        return new Advice(
                optimum,
                plan(spread, budgetFlops, known, support),
                otherSizes(law, best, known, support),
                served,
                repeated,
                known.maxTokens() == null ? null : TokenLimit.of(law, best, known.maxTokens(), support),
                notes);
    }

    /**
     * The same for a law that came without its runs: published, or read from a file.
     *
     * @param name of the law, for people
     * @param covariance of theta; empty when unknown, and then the intervals are
     * @param sigma standard deviation of a run's log loss about the law; NaN when unknown
     */
    public static @Nullable Advice of(
            String name,
            SurfaceLaw law,
            List<List<Double>> covariance,
            double sigma,
            double budgetFlops,
            Circumstances known) {
        LawEstimate estimate = new LawEstimate(
                name,
                name,
                name,
                0,
                0,
                law,
                covariance,
                Map.of(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                null,
                List.of(),
                List.of(budgetFlops),
                List.of(),
                Map.of(),
                sigma,
                List.of(),
                null,
                null);
        return of(estimate, budgetFlops, known);
    }

    private static @Nullable PlanReview plan(
            LawSpread spread, double budgetFlops, Circumstances known, Support support) {
        double product = budgetFlops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN;
        Double ownParams = known.params();
        Double ownTokens = known.tokens();
        if (ownParams == null && ownTokens == null) {
            return null;
        }
        double tokens = ownTokens != null ? ownTokens : product / Objects.requireNonNull(ownParams);
        double params = ownParams != null ? ownParams : product / tokens;
        SurfaceLaw law = spread.law();
        double flops = ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
        double wasted = Plans.wastedFlops(law, params, tokens);
        Interval excess = spread.excess(params, tokens);
        List<String> caveats = new ArrayList<>(support.beyond(params, tokens));
        if (!(excess.lower95() > 0)) {
            caveats.add("the law cannot tell this plan from the best one: its excess may be 0");
        }
        if (Math.abs(Math.log(flops / budgetFlops)) > Math.log(1.05)) {
            caveats.add("the plan costs " + Support.factor(flops / budgetFlops) + " times the budget");
        }
        return new PlanReview(
                params,
                tokens,
                flops,
                spread.lossInterval(params, tokens),
                excess,
                wasted,
                wasted / flops,
                law.optimum(flops),
                law.optimum(flops - wasted),
                caveats);
    }

    private static List<OtherSize> otherSizes(SurfaceLaw law, Allocation best, Circumstances known, Support support) {
        List<OtherSize> sizes = new ArrayList<>();
        for (double share : SHARES) {
            sizes.add(otherSize(law, best, share * best.params(), support));
        }
        if (known.params() != null) {
            sizes.add(otherSize(law, best, known.params(), support));
        }
        return sizes;
    }

    private static OtherSize otherSize(SurfaceLaw law, Allocation best, double params, Support support) {
        Allocation other = Plans.overtrained(law, best.loss(), params);
        return new OtherSize(
                params / best.params(),
                params,
                other.tokens(),
                other.flops(),
                other.tokens() / best.tokens(),
                other.flops() / best.flops() - 1,
                Double.isInfinite(other.tokens())
                        ? List.of("a model of this size does not reach the loss on any number of tokens")
                        : support.beyond(params, other.tokens()));
    }
}
