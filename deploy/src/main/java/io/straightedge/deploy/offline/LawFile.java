package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.CertificateReport;
import io.straightedge.deploy.offline.FitReport.RunRow;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.run.ParameterCount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan takes from a fit's JSON. Only the law's name and its coefficients are needed, so that one can be written by
 * hand; without covariance and runs there are no intervals.
 *
 * @param provenance its form, where that is not the law's name
 */
record LawFile(
        @Nullable String law,
        @Nullable String refused,
        @Nullable Double objective,
        Map<String, Double> coefficients,
        List<List<Double>> covariance,
        @Nullable Origin provenance,
        @Nullable CertificateReport certificate,
        List<String> diagnostics,
        List<RunRow> runs,
        @Nullable Extrapolation forecast) {

    /** What the provenance of a fit says of the law. */
    record Origin(
            @Nullable String form,
            @Nullable String variable,
            @Nullable ParameterCount paramsCount,
            @Nullable Double sigma) {}

    LawFile {
        coefficients = coefficients == null ? Map.of() : Map.copyOf(coefficients);
        covariance = covariance == null ? List.of() : List.copyOf(covariance);
        diagnostics = diagnostics == null ? List.of() : List.copyOf(diagnostics);
        runs = runs == null ? List.of() : List.copyOf(runs);
    }

    /** The law; throws IllegalArgumentException where the coefficients make none. */
    ScalingLaw law(String name) {
        return coefficients(name, coefficients).law();
    }

    LawEstimate estimate(String name, RunLaw fitted, List<Double> budgetsFlops) {
        return Estimates.of(
                name,
                fitted,
                covariance,
                objective,
                certificate,
                provenance == null ? null : provenance.paramsCount(),
                runs,
                budgetsFlops,
                diagnostics,
                provenance == null ? null : provenance.sigma(),
                forecast);
    }

    private Coefficients coefficients(String name, Map<String, Double> values) {
        String form = provenance == null ? null : provenance.form();
        return new Coefficients(form == null ? name : form, provenance == null ? null : provenance.variable(), values);
    }
}
