package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.protocol.fit.LawBasin;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.run.ParameterCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Laws as the estimates that a study would have of them, so that advice is the same with and without a broker. */
final class Estimates {

    private static final String STUDY = "files";
    private static final double[] DEFAULT_MULTIPLES = {10, 100};

    private Estimates() {}

    /** @param forecast calibrated; null where there are too few runs for one */
    static LawEstimate of(
            Entry entry, LawFit fit, @Nullable Extrapolation forecast, Sample sample, FitChoices choices) {
        LawPoints points = sample.points();
        List<LawPoint> runs = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            runs.add(new LawPoint(
                    sample.run(i), points.params(i), points.tokens(i), points.loss(i), points.weight(i), true));
        }
        return new LawEstimate(
                STUDY,
                fit.estimator(),
                fit.estimator(),
                0,
                0,
                fit.law(),
                fit.covariance(),
                Map.of(),
                fit.objective(),
                fit.certificate().gradientNorm(),
                fit.certificate().condition(),
                choices.paramsCount(),
                runs,
                budgets(points, choices),
                entry.diagnostics(),
                Map.of(),
                fit.sigma(),
                fit.basins(),
                fit.law() instanceof SurfaceLaw ? forecast : null,
                entry.rollingPercent());
    }

    /** The law of a report, with its runs and its other optima. */
    static LawEstimate of(FitReport report, RunLaw law, List<Double> budgets) {
        return of(
                report.law(),
                law,
                report.covariance(),
                report.objective(),
                report.certificate(),
                report.provenance().paramsCount(),
                report.runs(),
                budgets,
                report.diagnostics(),
                report.provenance().sigma(),
                report.forecast());
    }

    /** A law of which neither runs nor covariance are known. */
    static LawEstimate published(String name, RunLaw law, ParameterCount paramsCount, List<Double> budgets) {
        return of(name, law, List.of(), null, null, paramsCount, List.of(), budgets, List.of(), null, null);
    }

    /** A law with what is known of it. */
    static LawEstimate of(
            String name,
            RunLaw law,
            List<List<Double>> covariance,
            @Nullable Double objective,
            FitReport.@Nullable CertificateReport certificate,
            @Nullable ParameterCount paramsCount,
            List<FitReport.RunRow> runs,
            List<Double> budgets,
            List<String> diagnostics,
            @Nullable Double sigma,
            @Nullable Extrapolation forecast) {
        return new LawEstimate(
                STUDY,
                name,
                name,
                0,
                0,
                law,
                covariance,
                Map.of(),
                number(objective),
                certificate == null ? Double.NaN : certificate.gradientNorm(),
                certificate == null ? Double.NaN : certificate.condition(),
                paramsCount,
                runs.stream()
                        .map(run -> new LawPoint(run.run(), run.params(), run.tokens(), run.loss(), run.weight(), true))
                        .toList(),
                budgets,
                diagnostics,
                Map.of(),
                number(sigma),
                certificate == null ? List.of() : basins(certificate, Coefficients.of(law)),
                forecast,
                null);
    }

    private static List<LawBasin> basins(FitReport.CertificateReport certificate, Coefficients like) {
        List<LawBasin> basins = new ArrayList<>();
        for (FitReport.Basin basin : certificate.basins()) {
            if (!basin.coefficients().isEmpty()
                    && new Coefficients(like.form(), like.variable(), basin.coefficients()).law()
                            instanceof RunLaw law) {
                basins.add(new LawBasin(basin.objective(), law));
            }
        }
        return basins;
    }

    private static double number(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    /** Those asked for, else 10 and 100 times the largest 6ND, to two digits. */
    static List<Double> budgets(LawPoints points, FitChoices choices) {
        if (!choices.budgetsFlops().isEmpty()) {
            return choices.budgetsFlops();
        }
        List<Double> budgets = new ArrayList<>();
        for (double multiple : DEFAULT_MULTIPLES) {
            budgets.add(Double.parseDouble(String.format(Locale.ROOT, "%.1e", multiple * largestFlops(points))));
        }
        return budgets;
    }

    /** The largest 6ND. */
    static double largestFlops(LawPoints points) {
        double largest = 0;
        for (int i = 0; i < points.size(); i++) {
            largest = Math.max(largest, ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * points.params(i) * points.tokens(i));
        }
        return largest;
    }

    /** The law of another theta; null where that is none. */
    static @Nullable RunLaw withTheta(RunLaw law, List<Double> theta) {
        try {
            return law.withTheta(theta.stream().mapToDouble(Double::doubleValue).toArray());
        } catch (IllegalArgumentException noLaw) {
            return null;
        }
    }
}
