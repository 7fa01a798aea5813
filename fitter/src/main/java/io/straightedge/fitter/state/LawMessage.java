package io.straightedge.fitter.state;

import io.straightedge.fitter.isoflop.IsoFlopFit;
import io.straightedge.fitter.isoflop.IsoFlopOptions;
import io.straightedge.fitter.isoflop.IsoFlopReading;
import io.straightedge.fitter.isoflop.IsoFlopTrends;
import io.straightedge.fitter.law.Certificate;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A fit, or the reason why there is none, as a message. Functions of their arguments. */
final class LawMessage {

    private LawMessage() {}

    static LawEstimate of(
            StudyState study,
            String name,
            StudyPoints points,
            Outcome<LawFit> outcome,
            @Nullable Extrapolation extrapolation) {
        List<String> diagnostics = new ArrayList<>(points.diagnostics);
        LawFit fit = null;
        if (outcome instanceof Outcome.Found<LawFit> found) {
            fit = found.value();
            diagnostics.addAll(fit.diagnostics());
        } else if (outcome instanceof Outcome.Refused<LawFit> refused) {
            diagnostics.add(refused.reason());
        }
        Certificate certificate = fit == null ? null : fit.certificate();
        return new LawEstimate(
                study.name,
                name,
                "law/" + study.name + "/" + name + "/" + study.sequence,
                study.sequence,
                study.lawRevision,
                fit == null ? null : fit.law(),
                fit == null ? List.of() : fit.covariance(),
                Map.of(),
                fit == null ? Double.NaN : fit.objective(),
                certificate == null ? Double.NaN : certificate.gradientNorm(),
                certificate == null ? Double.NaN : certificate.condition(),
                study.definition.paramsCount(),
                points.all(),
                study.definition.budgetsFlops(),
                diagnostics,
                provenance(study, points, fit),
                fit == null ? Double.NaN : fit.sigma(),
                fit == null ? List.of() : fit.basins(),
                fit != null && fit.law() instanceof SurfaceLaw ? extrapolation : null,
                study.holdOutPercent.get(name));
    }

    private static Map<String, String> provenance(StudyState study, StudyPoints points, @Nullable LawFit fit) {
        Map<String, String> record = new TreeMap<>();
        record.put("split", study.primarySplit());
        record.put("objective", "sum of w Huber(log residual), delta 1e-3; w by the variance of forecasts");
        record.put("optimizer", "starts by variable projection, polished by damped Newton on analytic gradients");
        record.put("compute", "C = 6ND");
        record.put(
                "checkpoints",
                points.alongCurves() == 0
                        ? "final losses, or forecasts of them"
                        : "final losses, or forecasts of them, and " + points.alongCurves() + " bins along curves");
        if (fit != null) {
            LawPoints finals = points.finals();
            record.put("points", fit.points() + " of " + finals.runs() + " runs");
            record.put("starts", Integer.toString(fit.certificate().starts()));
            record.put(
                    "decades",
                    String.format(
                            Locale.ROOT,
                            "N %.2f, D %.2f, C %.2f",
                            finals.decadesOfParams(),
                            finals.decadesOfTokens(),
                            finals.decadesOfFlops()));
            String approach2 = approach2(finals);
            if (approach2 != null) {
                record.put("approach 2", approach2);
            }
        }
        return record;
    }

    /** What the IsoFLOP minima say beside a law; null where there are no budgets. */
    private static @Nullable String approach2(LawPoints finals) {
        if (!(IsoFlopFit.fit(finals, IsoFlopOptions.DEFAULT) instanceof Outcome.Found<IsoFlopTrends> found)) {
            return null;
        }
        IsoFlopReading reading = found.value().parabola() != null
                ? found.value().parabola()
                : found.value().akima();
        return reading == null
                ? null
                : String.format(
                        Locale.ROOT,
                        "N* ~ C^%.3f, D* ~ C^%.3f through %d budgets",
                        reading.params().exponent(),
                        reading.tokens().exponent(),
                        reading.params().points());
    }
}
