package io.straightedge.protocol.fit;

import io.straightedge.protocol.law.ScalingLaw;
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
 */
public record LawEstimate(
        String study,
        String name,
        String id,
        long sequence,
        long revision,
        @Nullable ScalingLaw law,
        List<List<Double>> covariance,
        Map<String, Double> calibration,
        double objective,
        double gradientNorm,
        double condition,
        @Nullable ParameterCount paramsCount,
        List<LawPoint> points,
        List<Double> budgetsFlops,
        List<String> diagnostics,
        Map<String, String> provenance) {

    public LawEstimate {
        calibration = calibration == null ? Map.of() : Map.copyOf(calibration);
        covariance = covariance == null ? List.of() : List.copyOf(covariance);
        points = points == null ? List.of() : List.copyOf(points);
        budgetsFlops = budgetsFlops == null ? List.of() : List.copyOf(budgetsFlops);
        diagnostics = diagnostics == null ? List.of() : List.copyOf(diagnostics);
        provenance = provenance == null ? Map.of() : Map.copyOf(provenance);
    }

    /** The topic key. */
    public String key() {
        return study + "/" + name;
    }
}
