package io.straightedge.deploy.offline;

import io.straightedge.deploy.plot.Axis;
import io.straightedge.deploy.plot.Dash;
import io.straightedge.deploy.plot.Ink;
import io.straightedge.deploy.plot.Panel;
import io.straightedge.deploy.plot.Series;
import io.straightedge.deploy.plot.Symbol;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.publisher.predict.LawSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The best loss that compute buys, with the bands of the law, the runs, and the budgets asked for. */
final class FrontierPanel {

    static final String COMPUTE = "C, FLOPs";
    static final String LOSS = "loss, nats per token";

    private FrontierPanel() {}

    static Panel of(FitReport report, RunLaw law) {
        LawEstimate estimate = Estimates.of(
                report,
                law,
                report.optimum().stream().map(FitReport.Optimum::flops).toList());
        LawSummary summary = LawSummary.of(estimate);
        List<Series> series = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        List<Double> flops = new ArrayList<>();
        if (summary != null) {
            frontier(summary, series, losses, flops);
        }
        List<Series.Point> runs = new ArrayList<>();
        for (FitReport.RunRow run : report.runs()) {
            runs.add(new Series.Point(run.flops(), run.loss()));
            losses.add(run.loss());
            flops.add(run.flops());
        }
        series.add(new Series.Dots("runs", runs, Ink.of(5), Symbol.CIRCLE, 2.6));
        List<Series.Point> optima = new ArrayList<>();
        for (FitReport.Optimum optimum : report.optimum()) {
            // Where the line is: the calibrated forecast, which may differ from the law far out.
            double loss = optimum.runLoss() == null
                    ? optimum.loss()
                    : optimum.runLoss().value();
            Series.Point at = new Series.Point(optimum.flops(), loss);
            optima.add(at);
            flops.add(1.5 * optimum.flops());
            // Room for the number beneath.
            losses.add(0.97 * loss);
            series.add(new Series.Note(String.format(Locale.ROOT, "%.3f", loss), at));
        }
        if (!optima.isEmpty()) {
            series.add(new Series.Dots("budgets asked for", optima, Ink.BLACK, Symbol.DIAMOND, 5));
        }
        return new Panel(
                "The best loss that compute buys",
                Axis.around(COMPUTE, flops, true),
                Axis.around(LOSS, losses, true),
                series);
    }

    private static void frontier(LawSummary summary, List<Series> series, List<Double> losses, List<Double> flops) {
        List<List<Series.Point>> lines =
                List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (LawSummary.FrontierPoint point : summary.frontier()) {
            double[] values = {
                point.loss().lower95(),
                point.loss().lower80(),
                point.loss().value(),
                point.loss().upper80(),
                point.loss().upper95()
            };
            for (int i = 0; i < values.length; i++) {
                lines.get(i).add(new Series.Point(point.flops(), values[i]));
            }
            losses.add(point.loss().value());
            flops.add(point.flops());
        }
        if (Double.isFinite(lines.get(0).get(0).y())) {
            series.add(new Series.Band("95 % of the mean", lines.get(0), lines.get(4), Ink.WIDE_BAND));
            series.add(new Series.Band("80 % of the mean", lines.get(1), lines.get(3), Ink.NARROW_BAND));
        }
        series.add(new Series.Curve("L_opt(C)", lines.get(2), Ink.BLACK, 1.8, Dash.SOLID));
    }
}
