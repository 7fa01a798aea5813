package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.Bounds;
import io.straightedge.deploy.offline.FitReport.Intervals;
import io.straightedge.deploy.offline.FitReport.Optimum;
import io.straightedge.fitter.envelope.EnvelopeFit;
import io.straightedge.fitter.envelope.EnvelopeOptions;
import io.straightedge.fitter.envelope.EnvelopeTrends;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.ingest.finals.FinalRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports of approaches 1 and 2: how N* and D* grow with C, without a law of the loss. */
final class TrendReports {

    private static final String ISOFLOP = "isoflop";
    private static final String ENVELOPE = "envelope";

    private TrendReports() {}

    /** Approach 2; the bias of its parabolas is that which approach 3 on the same points says they have. */
    static FitReport isoflop(Sample sample, FitChoices choices) {
        Outcome<LawFit> law = LawEstimators.named("chinchilla").fit(sample.points(), choices.options());
        Outcome<IsoFlopReport> outcome = IsoFlops.of(
                sample,
                law instanceof Outcome.Found<LawFit> found ? found.value().law() : null);
        if (outcome instanceof Outcome.Refused<IsoFlopReport> refused) {
            return new Origins(sample, choices).refusal(ISOFLOP, refused.reason(), null, List.of());
        }
        IsoFlopReport report = ((Outcome.Found<IsoFlopReport>) outcome).value();
        IsoFlopReport.Trends trends = report.parabola() != null ? report.parabola() : report.akima();
        if (trends == null) {
            return new Origins(sample, choices).refusal(ISOFLOP, "no budget has a least loss", report, List.of());
        }
        return report(sample, choices, ISOFLOP, trends, report.diagnostics(), report);
    }

    /** Approach 1; a point is annealed where the file or the caller says so, else where it is the only one of its run. */
    static FitReport envelope(Sample sample, FitChoices choices) {
        Outcome<EnvelopeTrends> outcome =
                EnvelopeFit.fit(sample.points(), annealed(sample, choices), EnvelopeOptions.DEFAULT);
        if (outcome instanceof Outcome.Refused<EnvelopeTrends> refused) {
            return new Origins(sample, choices).refusal(ENVELOPE, refused.reason(), null, List.of());
        }
        EnvelopeTrends found = ((Outcome.Found<EnvelopeTrends>) outcome).value();
        IsoFlopReport.Trends trends = new IsoFlopReport.Trends(
                found.params().exponent(),
                found.params().logScale(),
                found.tokens().exponent(),
                found.tokens().logScale());
        return report(sample, choices, ENVELOPE, trends, found.diagnostics(), null);
    }

    private static boolean[] annealed(Sample sample, FitChoices choices) {
        LawPoints points = sample.points();
        int[] ofRun = new int[points.runs()];
        for (int i = 0; i < points.size(); i++) {
            ofRun[points.run(i)]++;
        }
        boolean[] annealed = new boolean[points.size()];
        for (int i = 0; i < annealed.length; i++) {
            FinalRow row = sample.finals().rows().get(i);
            annealed[i] = row.annealed() == null ? choices.annealed() || ofRun[points.run(i)] == 1 : row.annealed();
        }
        return annealed;
    }

    private static FitReport report(
            Sample sample,
            FitChoices choices,
            String name,
            IsoFlopReport.Trends trends,
            List<String> diagnostics,
            @Nullable IsoFlopReport isoflop) {
        Map<String, Double> coefficients = new TreeMap<>();
        coefficients.put("a", trends.a());
        coefficients.put("a0", trends.a0());
        coefficients.put("b", trends.b());
        coefficients.put("b0", trends.b0());
        List<Optimum> optima = new ArrayList<>();
        double largest = Estimates.largestFlops(sample.points());
        for (double flops : Estimates.budgets(sample.points(), choices)) {
            optima.add(optimum(trends, flops, flops / largest));
        }
        return new FitReport(
                name,
                null,
                null,
                sample.points().size(),
                coefficients,
                Map.of(),
                optima,
                null,
                diagnostics,
                new Origins(sample, choices)
                        .provenance("squares of ln N* and ln D* about lines in ln C", "least squares"),
                null,
                null,
                List.of("a", "a0", "b", "b0"),
                List.of(),
                null,
                isoflop,
                List.of(),
                new Origins(sample, choices).runs(null, Map.of()));
    }

    private static Optimum optimum(IsoFlopReport.Trends trends, double flops, double extrapolation) {
        double params = trends.params(flops);
        double tokens = trends.tokens(flops);
        return new Optimum(
                flops,
                params,
                tokens,
                tokens / params,
                Double.NaN,
                null,
                new Intervals(Bounds.UNKNOWN, Bounds.UNKNOWN, Bounds.UNKNOWN, Bounds.UNKNOWN),
                "none",
                extrapolation,
                extrapolation > 1
                        ? List.of(String.format(
                                Locale.ROOT, "extrapolates: %.3g times the largest budget in the data", extrapolation))
                        : List.of());
    }
}
