package io.straightedge.deploy.command;

import io.straightedge.deploy.offline.FitReport.Bounds;
import io.straightedge.deploy.offline.PlanReport;
import io.straightedge.deploy.offline.PlanReport.BudgetPlan;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.predict.Advice;
import io.straightedge.publisher.predict.NextRun;
import io.straightedge.publisher.predict.NextRuns;
import io.straightedge.publisher.predict.RepeatedData;
import io.straightedge.publisher.predict.Served;
import io.straightedge.publisher.predict.TokenLimit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plan for people. */
final class PlanText {

    private final StringBuilder text = new StringBuilder();
    /** What speaks against parts of a budget's advice, each once. */
    private final Set<String> caveats = new LinkedHashSet<>();

    private PlanText() {}

    static String of(PlanReport report) {
        PlanText text = new PlanText();
        text.line("by %s (%s)", report.law(), report.source());
        if (report.note() != null) {
            text.line("  note: %s", report.note());
        }
        if (report.paramsCount() != null) {
            text.line(
                    "  N counts %s parameters",
                    report.paramsCount().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        report.budgets().forEach(text::budget);
        return text.text.toString().stripTrailing();
    }

    private void budget(BudgetPlan plan) {
        text.append('\n');
        line("%.4g FLOPs", plan.flops());
        quantity("N*", "%.4g", plan.params(), plan.intervals().params());
        quantity("D*", "%.4g", plan.tokens(), plan.intervals().tokens());
        quantity("D/N", "%.3g", plan.tokensPerParameter(), plan.intervals().tokensPerParameter());
        quantity("loss", "%.4f", plan.loss(), Bounds.UNKNOWN);
        Interval run = plan.runLoss();
        if (!Double.isNaN(run.lower95())) {
            line(
                    "  a run is expected to end at %.4f, 80 %% %.4f to %.4f, 95 %% %.4f to %.4f",
                    run.value(), run.lower80(), run.upper80(), run.lower95(), run.upper95());
        }
        Recommendation.Band band = plan.nearOptimal();
        if (band != null) {
            line(
                    "  any N from %.3g to %.3g loses less than %.1f %%",
                    band.lowerParams(), band.upperParams(), 100 * band.relativeLoss());
        }
        own(plan.plan());
        sizes(plan);
        served(plan.served());
        repeated(plan.repeated());
        limited(plan.tokenLimited());
        next(plan.next());
        Set<String> all = new LinkedHashSet<>(plan.caveats());
        all.addAll(caveats);
        all.forEach(caveat -> line("  - %s", caveat));
        caveats.clear();
    }

    private void quantity(String name, String format, double value, Bounds bounds) {
        String shown = String.format(Locale.ROOT, format, value);
        if (Double.isNaN(bounds.lower95())) {
            line("  %-5s %s", name, shown);
        } else {
            line(
                    "  %-5s %-10s 80 %% %s to %s, 95 %% %s to %s",
                    name,
                    shown,
                    String.format(Locale.ROOT, format, bounds.lower80()),
                    String.format(Locale.ROOT, format, bounds.upper80()),
                    String.format(Locale.ROOT, format, bounds.lower95()),
                    String.format(Locale.ROOT, format, bounds.upper95()));
        }
    }

    private void own(Advice.@Nullable PlanReview plan) {
        if (plan == null) {
            return;
        }
        line(
                "  your plan: %.4g parameters on %.4g tokens, %.3g FLOPs: loss %.4f, %.4f above the best for as much",
                plan.params(),
                plan.tokens(),
                plan.flops(),
                plan.loss().value(),
                plan.excessLoss().value());
        line(
                "    wastes %.3g FLOPs, %.1f %%: %.4g parameters on %.4g tokens are as good for the rest",
                plan.wastedFlops(),
                100 * plan.wastedShare(),
                plan.sameLoss().params(),
                plan.sameLoss().tokens());
        caveats.addAll(plan.caveats());
    }

    private void sizes(BudgetPlan plan) {
        line("  other sizes, as good:");
        plan.otherSizes().forEach(this::size);
        if (plan.overtrained() != null) {
            size(plan.overtrained());
        }
    }

    private void size(Advice.OtherSize size) {
        if (Double.isInfinite(size.tokens())) {
            line("    %.3g N* = %.4g: never, on any number of tokens", size.shareOfParams(), size.params());
        } else {
            line(
                    "    %.3g N* = %.4g on %.4g tokens (x%.4f), compute %+.2f %%",
                    size.shareOfParams(), size.params(), size.tokens(), size.tokensTimes(), 100 * size.extraShare());
        }
        caveats.addAll(size.caveats());
    }

    private void served(@Nullable Served served) {
        if (served != null) {
            line(
                    "  serving %.3g tokens: %.4g parameters (%.3f N*) on %.4g tokens; %.5g FLOPs in all, %.2f %% less",
                    served.inferenceTokens(),
                    served.params(),
                    served.shareOfParams(),
                    served.tokens(),
                    served.totalFlops(),
                    100 * served.savedShare());
            caveats.addAll(served.caveats());
        }
    }

    private void repeated(@Nullable RepeatedData repeated) {
        if (repeated != null) {
            line(
                    "  of %.3g unique tokens: %.4g parameters on %.4g tokens, %.2f epochs worth %.4g fresh tokens; loss"
                            + " %.4f, without that limit %.4f",
                    repeated.uniqueTokens(),
                    repeated.params(),
                    repeated.tokens(),
                    repeated.epochs(),
                    repeated.effectiveTokens(),
                    repeated.loss(),
                    repeated.lossWithoutLimit());
            caveats.addAll(repeated.caveats());
        }
    }

    private void limited(@Nullable TokenLimit limit) {
        if (limit == null) {
            return;
        }
        if (!limit.binding()) {
            line("  at most %.3g tokens: more than the best needs", limit.maxTokens());
            return;
        }
        line(
                "  at most %.3g tokens: %.4g parameters, loss %.4f, without that limit %.4f",
                limit.maxTokens(), limit.params(), limit.loss(), limit.lossWithoutLimit());
        line(
                "    %.4g parameters are within 0.1 %% of that, and leave %.3g FLOPs",
                limit.enoughParams(), limit.idleFlops());
        caveats.addAll(limit.caveats());
    }

    private void next(@Nullable NextRuns next) {
        if (next == null || next.best().isEmpty()) {
            return;
        }
        List<NextRun> runs = next.bySpend().isEmpty() ? next.best() : next.bySpend();
        line("  runs that would tell most of this loss, now known to %.4f (sd):", next.sd());
        runs.forEach(run -> line(
                "    %.3g parameters on %.3g tokens, %.2g FLOPs: leaves %.4f",
                run.params(), run.tokens(), run.flops(), run.sdAfter()));
        next.notes().forEach(note -> line("    %s", note));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
