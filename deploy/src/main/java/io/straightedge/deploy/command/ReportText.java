package io.straightedge.deploy.command;

import io.straightedge.deploy.demo.Report;
import java.util.Locale;

/** The demonstration's report for people. */
final class ReportText {

    private ReportText() {}

    static String of(Report report) {
        StringBuilder text = new StringBuilder();
        for (Report.Law law : report.studies()) {
            line(text, "study %s", law.study());
            line(text, "  true law       %s", law.truth());
            line(text, "  recovered law  %s", law.recovered() == null ? law.diagnostics() : law.recovered());
            for (Report.Advice advice : law.advice()) {
                if (advice.recommended() != null) {
                    line(
                            text,
                            "  %.0e FLOPs: N* %.3g (true %.3g), D* %.3g (%.3g), loss %.4f (%.4f)",
                            advice.budgetFlops(),
                            advice.recommended().params(),
                            advice.truth().params(),
                            advice.recommended().tokens(),
                            advice.truth().tokens(),
                            advice.recommended().loss(),
                            advice.truth().loss());
                }
            }
        }
        line(text, "%-14s %-9s %8s   forecasts at 30, 50, 70 %%; * in the 80 %% interval", "run", "status", "final");
        for (Report.Run run : report.runs()) {
            StringBuilder forecasts = new StringBuilder();
            for (Report.Forecast forecast : run.forecasts()) {
                forecasts.append(String.format(
                        Locale.ROOT,
                        "  %.4f (%+.2f %%)%s",
                        forecast.loss(),
                        100 * forecast.relativeError(),
                        forecast.inside80() ? "*" : " "));
            }
            line(text, "%-14s %-9s %8.4f %s", run.run(), run.status(), run.trueFinalLoss(), forecasts);
        }
        for (Report.Check check : report.checks()) {
            line(text, "%s %s: %s", check.ok() ? "ok  " : "FAIL", check.name(), check.detail());
        }
        line(
                text,
                "%,d records, %,d dead letters, %.1f s: %s",
                report.records(),
                report.deadLetters(),
                report.seconds(),
                report.ok() ? "all checks hold" : "not all checks hold");
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
