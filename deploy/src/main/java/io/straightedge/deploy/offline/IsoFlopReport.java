package io.straightedge.deploy.offline;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Approach 2: the least loss of each budget and how it moves with the budget.
 *
 * @param parabola trends through the vertices of parabolas
 * @param akima trends through the minima of Akima's splines
 * @param corrected trends through the vertices without the bias that the law of the same points says they have
 * @param bias in words
 * @param discarded budgets and minima left out and why, in words
 * @param diagnostics doubts, in words
 */
public record IsoFlopReport(
        @Nullable Trends parabola,
        @Nullable Trends akima,
        @Nullable Trends corrected,
        @Nullable String bias,
        List<Budget> budgets,
        List<String> discarded,
        List<String> diagnostics) {

    /** N* = exp(a0) C^a, D* = exp(b0) C^b. */
    public record Trends(double a, double a0, double b, double b0) {

        /** N* for a budget. */
        public double params(double flops) {
            return Math.exp(a0 + a * Math.log(flops));
        }

        /** D* for a budget. */
        public double tokens(double flops) {
            return Math.exp(b0 + b * Math.log(flops));
        }
    }

    /**
     * The runs of a budget.
     *
     * @param members places of its points among the report's runs
     * @param sizes how many different N they have
     */
    public record Budget(
            @JsonProperty("C") double flops,
            List<Integer> members,
            int sizes,
            @Nullable Minimum parabola,
            @Nullable Minimum akima,
            @Nullable Minimum corrected) {}

    /** Where the loss is least. */
    public record Minimum(
            @JsonProperty("N") double params,
            @JsonProperty("D") double tokens,
            double loss) {}
}
