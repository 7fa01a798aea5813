package io.straightedge.deploy.offline;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.straightedge.deploy.offline.FitReport.Bounds;
import io.straightedge.deploy.offline.FitReport.Intervals;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.Plans;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.predict.Advice;
import io.straightedge.publisher.predict.Circumstances;
import io.straightedge.publisher.predict.NextRuns;
import io.straightedge.publisher.predict.RepeatedData;
import io.straightedge.publisher.predict.Served;
import io.straightedge.publisher.predict.Target;
import io.straightedge.publisher.predict.TokenLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code straightedge plan} prints as JSON.
 *
 * @param source file, or publication
 * @param note what to know before using the law; null for nothing
 * @param paramsCount what N counts; null when nobody says
 * @param coefficients by name
 */
public record PlanReport(
        String law,
        String source,
        @Nullable String note,
        @Nullable ParameterCount paramsCount,
        Map<String, Double> coefficients,
        List<BudgetPlan> budgets) {

    /**
     * What a budget should buy.
     *
     * @param loss at the optimum by the law, nats per token
     * @param runLoss of a run there, with the scatter of runs, by the calibrated forecast where the law's file has one
     * @param intervals NaN where nothing is known of them; that of the loss is of a run
     * @param nearOptimal N that lose nearly nothing; null where the law does not say
     * @param extrapolation the budget over the largest in the data; NaN where these are not known
     * @param plan the user's own N and D; null when not given
     * @param otherSizes models of other sizes than N* that reach its loss
     * @param overtrained the same at the size asked for; null when not asked
     * @param served when tokens are to be served too; null when not asked
     * @param repeated when unique tokens are few; null when not asked
     * @param tokenLimited when tokens are few and not repeated; null when not asked
     * @param next which run would tell most of this budget's loss; null for a law without its runs
     * @param caveats what speaks against relying on it
     */
    public record BudgetPlan(
            @JsonProperty("C") double flops,
            @JsonProperty("N") double params,
            @JsonProperty("D") double tokens,
            double tokensPerParameter,
            double loss,
            Interval runLoss,
            Intervals intervals,
            Recommendation.@Nullable Band nearOptimal,
            double extrapolation,
            Advice.@Nullable PlanReview plan,
            List<Advice.OtherSize> otherSizes,
            Advice.@Nullable OtherSize overtrained,
            @Nullable Served served,
            @Nullable RepeatedData repeated,
            @Nullable TokenLimit tokenLimited,
            @Nullable NextRuns next,
            List<String> caveats) {}

    /**
     * Advice for each budget; throws IllegalArgumentException for one that the law says nothing finite of.
     *
     * @param overtrain N over N* of a model to be over-trained; null for none
     */
    public static PlanReport of(
            LawSource source, List<Double> budgets, Circumstances known, @Nullable Double overtrain) {
        if (!(source.estimate().law() instanceof SurfaceLaw law)) {
            throw new IllegalArgumentException(source.name() + " is no law of both N and D");
        }
        List<BudgetPlan> plans = new ArrayList<>();
        for (double flops : budgets) {
            if (!(flops > 0) || Double.isInfinite(flops)) {
                throw new IllegalArgumentException(
                        "a budget of " + flops + " FLOPs: it must be a finite number above 0");
            }
            plans.add(plan(source, law, flops, known, overtrain));
        }
        return new PlanReport(
                source.name(),
                source.source(),
                source.note().isEmpty() ? null : source.note(),
                source.estimate().paramsCount(),
                Coefficients.of(law).values(),
                plans);
    }

    private static BudgetPlan plan(
            LawSource source, SurfaceLaw law, double flops, Circumstances known, @Nullable Double overtrain) {
        Advice advice = Advice.of(source.estimate(), flops, known);
        if (advice == null) {
            throw new IllegalArgumentException(source.name() + " says nothing finite of " + flops + " FLOPs");
        }
        Allocation best = law.optimum(flops);
        Recommendation optimum = advice.optimum();
        List<String> caveats = new ArrayList<>(optimum.caveats());
        caveats.addAll(advice.notes());
        boolean runsKnown = !source.estimate().points().isEmpty();
        return new BudgetPlan(
                flops,
                best.params(),
                best.tokens(),
                best.tokensPerParam(),
                best.loss(),
                optimum.loss(),
                new Intervals(
                        Bounds.of(optimum.params()),
                        Bounds.of(optimum.tokens()),
                        Bounds.of(optimum.tokensPerParam()),
                        Bounds.of(optimum.loss())),
                optimum.nearOptimal(),
                optimum.extrapolation(),
                advice.plan(),
                advice.otherSizes(),
                overtrain == null ? null : overtrained(law, best, overtrain),
                advice.served(),
                advice.repeated(),
                advice.tokenLimited(),
                runsKnown ? NextRuns.of(source.estimate(), new Target.Budget(flops), List.of(), 1) : null,
                caveats);
    }

    private static Advice.OtherSize overtrained(SurfaceLaw law, Allocation best, double share) {
        if (!(share > 0) || Double.isInfinite(share)) {
            throw new IllegalArgumentException("--overtrain " + share + ": it must be a finite number above 0");
        }
        Allocation other = Plans.overtrained(law, best.loss(), share * best.params());
        return new Advice.OtherSize(
                share,
                other.params(),
                other.tokens(),
                other.flops(),
                other.tokens() / best.tokens(),
                other.flops() / best.flops() - 1,
                Double.isInfinite(other.tokens())
                        ? List.of("a model of this size does not reach the loss on any number of tokens")
                        : List.of());
    }
}
