package io.straightedge.deploy.command;

import io.straightedge.deploy.backtest.alarm.AlarmReport;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Finds;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Fired;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Injected;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Labels;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What would have fired, for people. */
final class AlarmText {

    private static final int MOST = 20;

    private final StringBuilder text = new StringBuilder();
    private final boolean labelled;

    private AlarmText(boolean labelled) {
        this.labelled = labelled;
    }

    /** @param labelled whether anything was known of the runs */
    static String of(AlarmReport report, boolean labelled) {
        AlarmText text = new AlarmText(labelled);
        text.line(
                "%,d observations of %,d runs, %.1f run-days", report.observations(), report.runs(), report.runDays());
        text.text.append('\n');
        text.rates(report);
        text.detectors(report);
        text.list("page", report.pages());
        text.list("warning", report.warnings());
        text.list("notice", report.notices());
        text.injected(report.injected());
        report.untested().forEach((reason, n) -> text.line("%s: %,d", reason, n));
        return text.text.toString().stripTrailing();
    }

    private void rates(AlarmReport report) {
        line(
                "%-17s %7s %8s  %9s %14s%s",
                "",
                "pages",
                "warnings",
                "per 1,000",
                "per 1,000 days",
                labelled ? String.format(Locale.ROOT, "  %6s %6s %6s %7s", "found", "missed", "delay", "other") : "");
        rate(
                "straightedge",
                report.pages().size(),
                report.warnings().size(),
                report.perThousandSteps(),
                report.perThousandRunDays(),
                report.labels());
        report.baselines()
                .forEach((name, other) -> rate(
                        name,
                        other.pages().size(),
                        other.warnings().size(),
                        other.perThousandSteps(),
                        other.perThousandRunDays(),
                        other.labels()));
        Labels labels = report.labels();
        if (labels.asDeviation() != null && labelled) {
            finds("as findings, told or not", labels.asDeviation());
        }
        if (labels.restarts() != null) {
            finds("restarts seen as such", labels.restarts());
        }
        if (labels.withoutRun() > 0) {
            line("labels of runs that are not in the files: %,d", labels.withoutRun());
        }
    }

    private void finds(String what, Finds finds) {
        line(
                "%s: %,d found, %,d missed, delay %s",
                what, finds.found(), finds.missed(), number("%.0f", finds.medianDelay()));
    }

    private void rate(String name, int pages, int warnings, double steps, double days, Labels labels) {
        line(
                "%-17s %,7d %,8d  %9.3f %,14.1f%s",
                name,
                pages,
                warnings,
                steps,
                days,
                labelled
                        ? String.format(
                                Locale.ROOT,
                                "  %,6d %,6d %6s %,7d",
                                labels.found(),
                                labels.missed(),
                                number("%.0f", labels.medianDelay()),
                                labels.other())
                        : "");
    }

    private void detectors(AlarmReport report) {
        if (!report.byDetector().isEmpty()) {
            text.append('\n');
            line("%-17s %8s %8s %8s", "rule", "findings", "warnings", "pages");
            report.byDetector()
                    .forEach((name, counts) ->
                            line("%-17s %,8d %,8d %,8d", name, counts.deviations(), counts.warnings(), counts.pages()));
        }
    }

    private void list(String what, List<Fired> fired) {
        if (!fired.isEmpty()) {
            text.append('\n');
        }
        fired.stream()
                .limit(MOST)
                .forEach(each -> line(
                        "%s: %s of %s, found at step %,d, since step %,d%s",
                        what,
                        each.rule(),
                        whom(each),
                        each.foundStep(),
                        each.onsetStep(),
                        Double.isFinite(each.sizeNats())
                                ? String.format(Locale.ROOT, ", %+.3f nats", each.sizeNats())
                                : ""));
        if (fired.size() > MOST) {
            line("... and %,d more; --json lists all", fired.size() - MOST);
        }
    }

    private static String whom(Fired fired) {
        if (fired.runs() != null) {
            return fired.runs() + " runs of " + fired.study();
        }
        return fired.run().isEmpty() ? "study " + fired.study() : fired.run();
    }

    private void injected(@Nullable List<Injected> injected) {
        if (injected == null || injected.isEmpty()) {
            return;
        }
        String last = "";
        String noise = "";
        for (Injected row : injected) {
            if (!row.noise().equals(noise)) {
                text.append('\n');
                line(
                        "%-14s %-14s %6s %8s %8s %8s   runs of %s",
                        "injected fault", "found by", "trials", "median", "mean", "missed", row.noise());
                last = "";
                noise = row.noise();
            }
            line(
                    "%-14s %-14s %6d %8s %8s %7.1f%%",
                    row.fault().equals(last) ? "" : row.fault(),
                    row.by(),
                    row.trials(),
                    number("%.0f", row.medianDelay()),
                    number("%.1f", row.meanDelay()),
                    100 * row.missedShare());
            last = row.fault();
        }
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, Objects.requireNonNull(value));
    }

    private void line(String format, @Nullable Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
