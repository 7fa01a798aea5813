package io.straightedge.deploy.command;

import io.straightedge.deploy.offline.FitReport;
import io.straightedge.deploy.offline.FitReport.Alternative;
import io.straightedge.deploy.offline.FitReport.Bounds;
import io.straightedge.deploy.offline.FitReport.Identified;
import io.straightedge.deploy.offline.FitReport.Optimum;
import io.straightedge.deploy.offline.FitReport.RunRow;
import io.straightedge.deploy.offline.HoldOutReport;
import io.straightedge.deploy.offline.IsoFlopReport;
import io.straightedge.protocol.signal.Interval;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A fit for people. */
final class FitText {

    private static final int MOST_RUNS = 5;

    private final StringBuilder text = new StringBuilder();
    private final FitReport report;

    private FitText(FitReport report) {
        this.report = report;
    }

    static String of(FitReport report) {
        FitText text = new FitText(report);
        if (report.refused() == null) {
            text.law();
            text.identified();
            text.optima();
            text.holdOut();
        } else {
            text.line("%s: no law: %s", report.law(), report.refused());
        }
        text.isoflop();
        text.alternatives();
        text.runs();
        text.doubts();
        return text.text.toString().stripTrailing();
    }

    private void law() {
        Double objective = report.objective();
        line(
                "%s, %d points%s",
                report.law(),
                report.points(),
                objective == null ? "" : String.format(Locale.ROOT, ", objective %.12e", objective));
        FitReport.CertificateReport certificate = report.certificate();
        if (certificate != null) {
            line(
                    "%s after %d starts: gradient %.1e, condition %.1e, %d distinct optima",
                    certificate.certified() ? "certified optimum" : "NOT certified",
                    certificate.starts(),
                    certificate.gradientNorm(),
                    certificate.condition(),
                    certificate.basins().size());
        }
        blank();
        List<String> names = report.order();
        names.forEach(this::coefficient);
    }

    private void coefficient(String name) {
        Double value = report.coefficients().get(name);
        if (value == null) {
            return;
        }
        FitReport.BootstrapReport bootstrap = report.bootstrap();
        FitReport.Spread spread =
                bootstrap == null ? null : bootstrap.coefficients().get(name);
        if (report.objective() == null) {
            line("  %-10s %s", name, number(value));
        } else if (spread != null) {
            line(
                    "  %-10s %-14s +- %-10s 95 %% %s to %s",
                    name, number(value), number(spread.sd()), number(spread.lower95()), number(spread.upper95()));
        } else {
            line(
                    "  %-10s %-14s +- %s",
                    name, number(value), number(report.standardErrors().getOrDefault(name, Double.NaN)));
        }
    }

    private void identified() {
        Identified identified = report.identified();
        if (identified == null || identified.scale() == null) {
            return;
        }
        Double a = identified.correlations().get("A,alpha");
        Double b = identified.correlations().get("B,beta");
        blank();
        if (a != null && b != null) {
            line("A and alpha alone are not identified (correlation %.4f; B and beta %.4f), these are:", a, b);
        }
        interval("G", identified.scale());
        interval("a", identified.exponentOfParams());
        interval("b", identified.exponentOfTokens());
        line("  with N* = G (C/6)^a, D* = (C/6)^b / G");
    }

    private void interval(String name, @Nullable Interval interval) {
        if (interval != null) {
            line(
                    "  %-10s %-14s 80 %% %s to %s, 95 %% %s to %s",
                    name,
                    number(interval.value()),
                    number(interval.lower80()),
                    number(interval.upper80()),
                    number(interval.lower95()),
                    number(interval.upper95()));
        }
    }

    private void optima() {
        if (report.optimum().isEmpty()) {
            return;
        }
        blank();
        String from = report.optimum().get(0).intervalsFrom();
        line("best split of a budget%s", from.equals("none") ? "" : "; 95 % intervals from " + from);
        line("  %-9s %-32s %-32s %-24s %s", "C", "N*", "D*", "D/N", "loss");
        for (Optimum optimum : report.optimum()) {
            line(
                    "  %-9s %-32s %-32s %-24s %s",
                    String.format(Locale.ROOT, "%.3g", optimum.flops()),
                    ranged("%.4g", optimum.params(), optimum.intervals().params()),
                    ranged("%.4g", optimum.tokens(), optimum.intervals().tokens()),
                    ranged(
                            "%.3g",
                            optimum.tokensPerParameter(), optimum.intervals().tokensPerParameter()),
                    from.equals("bootstrap")
                            ? ranged("%.4f", optimum.loss(), optimum.intervals().loss())
                            : ranged("%.4f", optimum.loss(), Bounds.UNKNOWN));
        }
        report.optimum().forEach(this::runLoss);
        report.optimum().stream()
                .flatMap(optimum -> optimum.caveats().stream())
                .distinct()
                .forEach(caveat -> line("  - %s", caveat));
    }

    private void runLoss(Optimum optimum) {
        Interval run = optimum.runLoss();
        if (run != null && !Double.isNaN(run.lower95())) {
            line(
                    "  a run of %.3g FLOPs is expected to end at %.4f, 80 %% %.4f to %.4f, 95 %% %.4f to %.4f",
                    optimum.flops(), run.value(), run.lower80(), run.upper80(), run.lower95(), run.upper95());
        }
    }

    private static String ranged(String format, double value, Bounds bounds) {
        if (Double.isNaN(bounds.lower95())) {
            return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
        }
        return String.format(
                Locale.ROOT, format + " [" + format + ", " + format + "]", value, bounds.lower95(), bounds.upper95());
    }

    private void holdOut() {
        FitReport.Provenance from = report.provenance();
        if (from.holdOut() == null && from.holdOutOfLaw() == null) {
            return;
        }
        blank();
        line("predicted from the smaller budgets alone:");
        if (from.holdOut() != null) {
            line("  forecast  %s", said(from.holdOut()));
        }
        if (from.holdOutOfLaw() != null) {
            line("  the law   %s%s", said(from.holdOutOfLaw()), rolling(from.rollingPercent()));
        }
    }

    private static String said(HoldOutReport holdOut) {
        Double coverage = holdOut.coverage90();
        return String.format(
                Locale.ROOT,
                "%d points of %d budgets: mean error %.3f %%, bias %+.3f %%%s",
                holdOut.points(),
                holdOut.budgets(),
                holdOut.meanAbsolutePercent(),
                holdOut.meanPercent(),
                coverage == null ? "" : String.format(Locale.ROOT, ", 90 %% intervals hold %.0f %%", 100 * coverage));
    }

    private static String rolling(@Nullable Double rollingPercent) {
        return rollingPercent == null ? "" : String.format(Locale.ROOT, "; %.3f %% over several cuts", rollingPercent);
    }

    private void isoflop() {
        IsoFlopReport isoflop = report.isoflop();
        if (isoflop == null) {
            return;
        }
        blank();
        line("approach 2, %d budgets:", isoflop.budgets().size());
        trends("parabolas", isoflop.parabola());
        trends("corrected", isoflop.corrected());
        trends("Akima", isoflop.akima());
        if (isoflop.bias() != null) {
            line("  %s", isoflop.bias());
        }
        Stream.concat(isoflop.diagnostics().stream(), isoflop.discarded().stream())
                .filter(doubt -> !report.diagnostics().contains(doubt))
                .forEach(doubt -> line("  - %s", doubt));
    }

    private void trends(String name, IsoFlopReport.@Nullable Trends trends) {
        if (trends != null) {
            line("  %-10s a %.4f, b %.4f%s", name, trends.a(), trends.b(), at(trends));
        }
    }

    private String at(IsoFlopReport.Trends trends) {
        StringBuilder each = new StringBuilder();
        for (Optimum optimum : report.optimum()) {
            each.append(
                    String.format(Locale.ROOT, "; N* %.4g at %.3g", trends.params(optimum.flops()), optimum.flops()));
        }
        return each.toString();
    }

    private void alternatives() {
        if (report.alternatives().isEmpty()) {
            return;
        }
        blank();
        line("other laws, best first:");
        for (Alternative other : report.alternatives()) {
            HoldOutReport holdOut = other.holdOut();
            line(
                    "  %-18s %s",
                    other.law(),
                    other.refused() != null
                            ? "no law: " + other.refused()
                            : holdOut != null ? said(holdOut) + rolling(other.rollingPercent()) : "not tested");
        }
    }

    private void runs() {
        List<RunRow> influential = report.runs().stream()
                .filter(run -> run.influence() != null)
                .sorted(Comparator.comparingDouble((RunRow run) -> -Math.abs(Objects.requireNonNull(run.influence()))))
                .limit(MOST_RUNS)
                .toList();
        List<RunRow> far = report.runs().stream()
                .filter(run -> run.residual() != null)
                .sorted(Comparator.comparingDouble((RunRow run) -> -Math.abs(Objects.requireNonNull(run.residual()))))
                .limit(MOST_RUNS)
                .toList();
        if (!influential.isEmpty()) {
            blank();
            line("runs that weigh most: N* at the largest budget with and without them");
            influential.forEach(run -> line(
                    "  %-28s %+.2f %%   N %.3g, D %.3g",
                    run.run(), 100 * Math.expm1(Objects.requireNonNull(run.influence())), run.params(), run.tokens()));
        }
        if (!far.isEmpty()) {
            blank();
            line("runs farthest from the law");
            far.forEach(run -> line(
                    "  %-28s %+.2f %%   N %.3g, D %.3g",
                    run.run(), 100 * Math.expm1(Objects.requireNonNull(run.residual())), run.params(), run.tokens()));
        }
    }

    private void doubts() {
        if (!report.diagnostics().isEmpty()) {
            blank();
            line("doubts:");
            report.diagnostics().forEach(doubt -> line("  - %s", doubt));
        }
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size != 0 && (size < 1e-3 || size >= 1e6) ? "%.5e" : "%.6g", value);
    }

    private void blank() {
        text.append('\n');
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
