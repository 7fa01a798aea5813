package io.straightedge.deploy.offline;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.signal.Interval;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code straightedge fit} prints as JSON. Numbers are at full precision: a law read back from here is the law
 * fitted.
 *
 * @param law the estimator whose law this is
 * @param refused why there is no law; null when there is one, and then the parts of a law are there
 * @param objective value of the objective at the optimum
 * @param points how many were fitted
 * @param coefficients by name
 * @param standardErrors of them, from the covariance
 * @param optimum best split of each budget
 * @param certificate what is known of the optimum of the objective
 * @param diagnostics doubts, in words
 * @param identified what the data say, where A and alpha alone they do not
 * @param bootstrap spread over resamples of the runs; null when not asked for
 * @param covariance of the coefficients that are fitted, logarithms of those positive by nature, in {@code order}
 * @param forecast calibrated on held-out budgets, for losses beyond the data; null where there are too few runs for one
 * @param isoflop approach 2; null where the points have no budgets
 * @param alternatives other laws that were fitted, best first
 * @param runs the points, with what the law says of each
 */
public record FitReport(
        String law,
        @Nullable String refused,
        @Nullable Double objective,
        int points,
        Map<String, Double> coefficients,
        Map<String, Double> standardErrors,
        List<Optimum> optimum,
        @Nullable CertificateReport certificate,
        List<String> diagnostics,
        Provenance provenance,
        @Nullable Identified identified,
        @Nullable BootstrapReport bootstrap,
        List<String> order,
        List<List<Double>> covariance,
        @Nullable Extrapolation forecast,
        @Nullable IsoFlopReport isoflop,
        List<Alternative> alternatives,
        List<RunRow> runs) {

    public FitReport {
        coefficients = coefficients == null ? Map.of() : Map.copyOf(coefficients);
        standardErrors = standardErrors == null ? Map.of() : Map.copyOf(standardErrors);
        optimum = optimum == null ? List.of() : List.copyOf(optimum);
        diagnostics = diagnostics == null ? List.of() : List.copyOf(diagnostics);
        order = order == null ? List.of() : List.copyOf(order);
        covariance = covariance == null ? List.of() : List.copyOf(covariance);
        alternatives = alternatives == null ? List.of() : List.copyOf(alternatives);
        runs = runs == null ? List.of() : List.copyOf(runs);
    }

    /**
     * The best split of a budget under C = 6ND.
     *
     * @param loss by the law, nats per token
     * @param runLoss of a run at the optimum, with the scatter of runs, by the calibrated forecast where there is one;
     *     null for a law that is not one of N and D
     * @param intervalsFrom {@code bootstrap}, of the law itself; {@code calibration} on held-out budgets, or {@code
     *     covariance}, where that of the loss is of a run; or {@code none}
     * @param extrapolation the budget over the largest 6ND in the data
     * @param caveats what speaks against relying on it, beyond the diagnostics
     */
    public record Optimum(
            @JsonProperty("C") double flops,
            @JsonProperty("N") double params,
            @JsonProperty("D") double tokens,
            double tokensPerParameter,
            double loss,
            @Nullable Interval runLoss,
            Intervals intervals,
            String intervalsFrom,
            double extrapolation,
            List<String> caveats) {}

    /** Intervals of what is said of a budget. */
    public record Intervals(
            @JsonProperty("N") Bounds params,
            @JsonProperty("D") Bounds tokens,
            Bounds tokensPerParameter,
            Bounds loss) {}

    /** Central intervals. */
    public record Bounds(double lower80, double upper80, double lower95, double upper95) {

        /** Nothing is known. */
        public static final Bounds UNKNOWN = new Bounds(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

        static Bounds of(Interval interval) {
            return new Bounds(interval.lower80(), interval.upper80(), interval.lower95(), interval.upper95());
        }
    }

    /**
     * How far the optimum can be relied on as one.
     *
     * @param gradientNorm largest component of the gradient, over delta times the sum of the weights
     * @param condition of the scaled normal matrix
     * @param starts how many were polished
     * @param basins distinct optima, best first
     * @param boundaries that the optimum touches, in words
     * @param certified whether the gradient vanishes to working precision
     */
    public record CertificateReport(
            double gradientNorm,
            double condition,
            int starts,
            List<Basin> basins,
            List<String> boundaries,
            boolean certified) {}

    /** A local optimum. */
    public record Basin(double objective, Map<String, Double> coefficients) {}

    /**
     * Where the law comes from.
     *
     * @param form of the law, as in its JSON elsewhere
     * @param variable of a law of one: params, tokens or compute
     * @param columns what each column was taken from
     * @param notes what was done in reading, in words
     * @param rows in the files
     * @param skipped rows with unusable numbers
     * @param dropped points left out for their high loss
     * @param paramsCount what N counts, where somebody said so
     * @param range of N, D, C and L
     * @param sigma robust standard deviation of a run's log loss about the law
     * @param holdOut of the forecast that losses beyond the data come from
     * @param holdOutOfLaw of the law alone
     * @param rollingPercent mean absolute error of the law over several cuts, in percent: what laws compete by
     */
    public record Provenance(
            @Nullable String form,
            @Nullable String variable,
            List<String> files,
            Map<String, String> columns,
            List<String> notes,
            int rows,
            int skipped,
            int dropped,
            @Nullable ParameterCount paramsCount,
            Map<String, Range> range,
            String objective,
            double delta,
            String optimiser,
            int starts,
            long seed,
            @Nullable Double sigma,
            @Nullable HoldOutReport holdOut,
            @Nullable HoldOutReport holdOutOfLaw,
            @Nullable Double rollingPercent) {}

    /** What a column spans. */
    public record Range(double least, double most, int distinct) {}

    /**
     * What the data say of a law of N and D.
     *
     * @param scale G in N* = G (C/6)^a
     * @param exponentOfParams a
     * @param exponentOfTokens b
     * @param correlations of fitted coefficients, by pair
     */
    public record Identified(
            @JsonProperty("G") @Nullable Interval scale,
            @JsonProperty("a") @Nullable Interval exponentOfParams,
            @JsonProperty("b") @Nullable Interval exponentOfTokens,
            Map<String, Double> correlations,
            double condition) {}

    /**
     * The spread over resamples.
     *
     * @param draws with a law
     * @param refused draws without one
     */
    public record BootstrapReport(int draws, int refused, long seed, Map<String, Spread> coefficients) {}

    /** A number over the draws. */
    public record Spread(double median, double sd, double lower95, double upper95) {}

    /**
     * Another law.
     *
     * @param rollingPercent mean absolute error over several cuts, in percent; null where it was not tested
     */
    public record Alternative(
            String law,
            @Nullable String refused,
            @Nullable Double objective,
            Map<String, Double> coefficients,
            @Nullable HoldOutReport holdOut,
            @Nullable Double rollingPercent) {}

    /**
     * A point, and what the law says of it.
     *
     * @param fitted loss by the law; null without one
     * @param residual ln(loss/fitted)
     * @param influence by how much the law's N* at the largest budget asked for rises with this run, ln(with/without);
     *     null where it was not worked out
     */
    public record RunRow(
            String run,
            double params,
            double tokens,
            double flops,
            double loss,
            double weight,
            @Nullable Double fitted,
            @Nullable Double residual,
            @Nullable Double influence) {}
}
