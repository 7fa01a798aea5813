package io.straightedge.deploy.command;

import io.straightedge.deploy.backtest.BacktestReport;
import io.straightedge.deploy.backtest.BacktestReport.FractionScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A back-test for people. */
final class BacktestText {

    private final StringBuilder text = new StringBuilder();

    private BacktestText() {}

    static String of(BacktestReport report) {
        BacktestText text = new BacktestText();
        text.line("%,d curves of %d sources", report.curves(), report.bySource().size());
        text.line("history: %s", report.history());
        text.line("truth: %s", report.truth());
        if (report.curves() > 0) {
            if (report.bySource().size() > 1) {
                text.table("mean over sources", report.macro());
            }
            text.table("all curves", report.methods());
            if (report.bySource().size() > 1) {
                text.live("by source", report.bySource());
            }
            if (report.bySchedule().size() > 1) {
                text.live("by schedule", report.bySchedule());
            }
        }
        text.text.append('\n');
        text.skipped(report.skipped());
        return text.text.toString().stripTrailing();
    }

    private void table(String title, Map<String, List<FractionScore>> methods) {
        text.append('\n');
        line(
                "%-17s %5s %6s  %9s %9s %9s  %8s %8s  %6s %6s  %9s",
                title, "seen", "n", "median", "p90", "mean", "median %", "p90 %", "80 %", "95 %", "+-95 %");
        methods.forEach((method, scores) -> scores.forEach(score -> row(method, score)));
    }

    private void live(String title, Map<String, Map<String, List<FractionScore>>> groups) {
        text.append('\n');
        line("straightedge %s: median error in %%, and share of final losses inside 80 %% and 95 %%", title);
        groups.forEach((group, methods) -> {
            List<FractionScore> scores = methods.getOrDefault("straightedge", List.of());
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-24s", group));
            for (FractionScore score : scores) {
                row.append(String.format(
                        Locale.ROOT,
                        "  %3.0f%% n%-5d %6s %4s %4s",
                        100 * score.fraction(),
                        score.n(),
                        number("%.2f", score.medianPercent()),
                        percent(score.coverage80()),
                        percent(score.coverage95())));
            }
            line("%s", row);
        });
    }

    private void row(String method, FractionScore score) {
        line(
                "  %-15s %4.0f%% %6d  %9s %9s %9s  %8s %8s  %6s %6s  %9s",
                method,
                100 * score.fraction(),
                score.n(),
                number("%.4f", score.medianNats()),
                number("%.4f", score.p90Nats()),
                number("%.4f", score.meanNats()),
                number("%.2f", score.medianPercent()),
                number("%.2f", score.p90Percent()),
                percent(score.coverage80()),
                percent(score.coverage95()),
                number("%.4f", score.halfWidth95()));
    }

    private void skipped(List<BacktestReport.Skipped> skipped) {
        Map<String, StringBuilder> forecasts = new LinkedHashMap<>();
        for (BacktestReport.Skipped each : skipped) {
            Double fraction = each.fraction();
            if (fraction == null) {
                line(
                        "not tested, as %s: %,d runs, such as %s",
                        each.reason(), each.count(), each.examples().get(0));
            } else {
                forecasts
                        .computeIfAbsent(each.reason(), unseen -> new StringBuilder())
                        .append(String.format(Locale.ROOT, "  %,d at %.0f %%", each.count(), 100 * fraction));
            }
        }
        forecasts.forEach((reason, counts) -> line("no forecast, as %s:%s", reason, counts));
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    private void line(String format, @Nullable Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
