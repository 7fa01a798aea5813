package io.straightedge.deploy.offline;

import io.straightedge.deploy.plot.Figure;
import io.straightedge.deploy.plot.Panel;
import io.straightedge.deploy.plot.Scene;
import io.straightedge.protocol.law.CurveLaw;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A fit in pictures: how far the runs are from the law, the curves of each budget, and the best loss that compute buys.
 */
public final class FitPlot {

    private FitPlot() {}

    /** The scene of a report that has a law. */
    public static Scene of(FitReport report) {
        if (!(law(report) instanceof RunLaw law)) {
            throw new IllegalArgumentException("there is no law to plot");
        }
        List<Panel> panels = new ArrayList<>();
        panels.add(ResidualPanel.of(report));
        Panel budgets = IsoFlopPanel.of(report, law);
        if (budgets != null) {
            panels.add(budgets);
        }
        panels.add(law instanceof CurveLaw curve ? CurvePanel.of(report, curve) : FrontierPanel.of(report, law));
        return Figure.of(
                report.law() + ": " + report.points() + " points",
                coefficients(report),
                description(report, panels),
                panels);
    }

    /** The law itself; something else where there is none. */
    private static Object law(FitReport report) {
        FitReport.Provenance from = report.provenance();
        return from.form() == null
                ? "none"
                : new Coefficients(from.form(), from.variable(), report.coefficients()).law();
    }

    private static String coefficients(FitReport report) {
        List<String> each = new ArrayList<>();
        report.coefficients().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> each.add(String.format(Locale.ROOT, "%s %.4g", entry.getKey(), entry.getValue())));
        return String.join("   ", each);
    }

    private static String description(FitReport report, List<Panel> panels) {
        StringBuilder text = new StringBuilder("Panels: ");
        panels.forEach(panel -> text.append(panel.title()).append("; "));
        report.optimum()
                .forEach(optimum -> text.append(String.format(
                        Locale.ROOT,
                        "for %.3g FLOPs %.3g parameters and %.3g tokens give a loss of %.4f; ",
                        optimum.flops(),
                        optimum.params(),
                        optimum.tokens(),
                        optimum.loss())));
        return text.substring(0, text.length() - 2);
    }
}
