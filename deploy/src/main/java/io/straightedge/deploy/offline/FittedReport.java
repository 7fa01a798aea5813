package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.Alternative;
import io.straightedge.deploy.offline.FitReport.Basin;
import io.straightedge.deploy.offline.FitReport.BootstrapReport;
import io.straightedge.deploy.offline.FitReport.CertificateReport;
import io.straightedge.deploy.offline.FitReport.Optimum;
import io.straightedge.deploy.offline.FitReport.Spread;
import io.straightedge.fitter.law.Certificate;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The report of a fit. */
final class FittedReport {

    private final Origins origins;
    private final Entry entry;
    private final LawFit fit;
    private final LawEstimate estimate;
    private final List<double[]> draws;

    /** @param draws theta of resamples; empty where none were asked for */
    FittedReport(Origins origins, Entry entry, LawFit fit, LawEstimate estimate, List<double[]> draws) {
        this.origins = origins;
        this.entry = entry;
        this.fit = fit;
        this.estimate = estimate;
        this.draws = draws;
    }

    FitReport report(
            List<Optimum> optima,
            @Nullable HoldOutReport holdOut,
            Map<Integer, Double> influences,
            @Nullable IsoFlopReport isoflop,
            List<Alternative> alternatives) {
        return new FitReport(
                fit.estimator(),
                null,
                fit.objective(),
                fit.points(),
                Coefficients.of(fit.law()).values(),
                standardErrors(),
                optima,
                certificate(),
                entry.diagnostics(),
                origins.provenance(entry, fit, holdOut),
                Identification.of(fit, estimate, draws),
                draws.isEmpty() ? null : bootstrap(origins.choices()),
                fit.law().names(),
                fit.covariance(),
                estimate.extrapolation(),
                isoflop,
                alternatives,
                origins.runs(fit.law(), influences));
    }

    /** The covariance is of theta: where that is the logarithm of a coefficient A, sd A = A sd(ln A). */
    private Map<String, Double> standardErrors() {
        Map<String, Double> errors = new TreeMap<>();
        Map<String, Double> values = Coefficients.of(fit.law()).values();
        List<String> names = fit.law().names();
        for (int i = 0; i < names.size(); i++) {
            Double value = values.get(names.get(i));
            if (value != null) {
                double sd = Math.sqrt(fit.covariance().get(i).get(i));
                boolean plain = value.equals(fit.theta().get(i));
                errors.put(names.get(i), plain ? sd : value * sd);
            }
        }
        return errors;
    }

    private CertificateReport certificate() {
        Certificate certificate = fit.certificate();
        List<Basin> basins = new ArrayList<>();
        for (Certificate.Basin basin : certificate.basins()) {
            RunLaw law = Estimates.withTheta(fit.law(), basin.theta());
            basins.add(new Basin(
                    basin.objective(),
                    law == null ? Map.of() : Coefficients.of(law).values()));
        }
        return new CertificateReport(
                certificate.gradientNorm(),
                certificate.condition(),
                certificate.starts(),
                basins,
                certificate.boundaries(),
                certificate.certified());
    }

    private BootstrapReport bootstrap(FitChoices choices) {
        Map<String, double[]> values = new TreeMap<>();
        for (int i = 0; i < draws.size(); i++) {
            for (Map.Entry<String, Double> value :
                    Coefficients.of(fit.law().withTheta(draws.get(i))).values().entrySet()) {
                values.computeIfAbsent(value.getKey(), unseen -> new double[draws.size()])[i] = value.getValue();
            }
        }
        Map<String, Spread> spreads = new TreeMap<>();
        values.forEach((name, each) -> {
            Quantiles quantiles = new Quantiles(each);
            spreads.put(name, new Spread(quantiles.at(0.5), quantiles.sd(), quantiles.at(0.025), quantiles.at(0.975)));
        });
        return new BootstrapReport(draws.size(), choices.resamples() - draws.size(), choices.seed(), spreads);
    }
}
