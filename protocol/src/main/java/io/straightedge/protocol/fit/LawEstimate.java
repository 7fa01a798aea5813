package io.straightedge.protocol.fit;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.run.ParameterCount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A law fitted to a study, or the reason why there is none. Key {@code study/name}; the latest replaces all before it.
 *
 * @param name which estimator, {@code chinchilla} for approach 3
 * @param id stable: study, name and revision
 * @param sequence how many events of the study had been applied
 * @param law the fitted law at full precision; null when there are too few points, with the reason in
 *     {@code diagnostics}
 * @param covariance of the log coefficients, rows and columns in the law's own order; empty without a law
 * @param calibration factors by which intervals are widened, by name
 * @param objective value of the objective at the optimum; NaN without a law
 * @param gradientNorm largest gradient component at the optimum, divided by the objective's scale
 * @param condition condition number of the scaled Hessian
 * @param points the runs used, in order of their names
 * @param budgetsFlops budgets that the study wants recommendations for
 * @param diagnostics doubts and refusals, in words
 * @param provenance objective, optimiser, definitions, by name
 * @param sigma robust standard deviation of a finished run's log loss about the law; NaN when unknown
 * @param basins the distinct optima that the fit found, best first, the law's own among them; empty when unknown
 * @param extrapolation the calibrated forecast of losses beyond the data; null where there are too few runs for one
 * @param holdOutPercent mean absolute error on the largest budgets, held out one after the other, in percent: what laws
 *     compete by; null before a run has ended, and with too few
 */
public record LawEstimate(
        String study,
        String name,
        String id,
        long sequence,
        long revision,
        @Nullable RunLaw law,
        List<List<Double>> covariance,
        Map<String, Double> calibration,
        double objective,
        double gradientNorm,
        double condition,
        @Nullable ParameterCount paramsCount,
        List<LawPoint> points,
        List<Double> budgetsFlops,
        List<String> diagnostics,
        Map<String, String> provenance,
        @JsonDeserialize(using = NumberOrNaN.class) double sigma,
        List<LawBasin> basins,
        @Nullable Extrapolation extrapolation,
        @Nullable Double holdOutPercent) {

    public LawEstimate {
        calibration = calibration == null ? Map.of() : Map.copyOf(calibration);
        covariance = covariance == null ? List.of() : List.copyOf(covariance);
        points = points == null ? List.of() : List.copyOf(points);
        budgetsFlops = budgetsFlops == null ? List.of() : List.copyOf(budgetsFlops);
        diagnostics = diagnostics == null ? List.of() : List.copyOf(diagnostics);
        provenance = provenance == null ? Map.of() : Map.copyOf(provenance);
        basins = basins == null ? List.of() : List.copyOf(basins);
    }

    /** The topic key. */
    public String key() {
        return study + "/" + name;
    }
}
