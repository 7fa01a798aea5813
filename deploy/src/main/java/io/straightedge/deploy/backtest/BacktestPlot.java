package io.straightedge.deploy.backtest;

import io.straightedge.deploy.backtest.BacktestReport.Calibration;
import io.straightedge.deploy.backtest.BacktestReport.FractionScore;
import io.straightedge.deploy.plot.Axis;
import io.straightedge.deploy.plot.Dash;
import io.straightedge.deploy.plot.Figure;
import io.straightedge.deploy.plot.Ink;
import io.straightedge.deploy.plot.Panel;
import io.straightedge.deploy.plot.Scene;
import io.straightedge.deploy.plot.Series;
import io.straightedge.deploy.plot.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A back-test in pictures: error by how much of a run was seen, and how often intervals held against how often they
 * should.
 */
public final class BacktestPlot {

    private static final String SEEN = "seen of the plan, %";

    private BacktestPlot() {}

    /** The scene of a report with at least one curve. */
    public static Scene of(BacktestReport report) {
        List<Panel> panels = List.of(errors(report), calibration(report));
        return Figure.of(
                String.format(Locale.ROOT, "Forecasts of the final loss: %,d curves", report.curves()),
                "history: " + report.history(),
                description(report),
                panels);
    }

    private static Panel errors(BacktestReport report) {
        List<Series> series = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        report.methods().forEach((method, scores) -> {
            List<Series.Point> medians = new ArrayList<>();
            List<Series.Point> tails = new ArrayList<>();
            for (FractionScore score : scores) {
                add(medians, score.fraction(), score.medianPercent(), values);
                add(tails, score.fraction(), score.p90Percent(), values);
            }
            int place = Method.labels().indexOf(method);
            Ink ink = Ink.of(place);
            series.add(new Series.Curve(null, medians, ink, 2, Dash.SOLID));
            series.add(new Series.Curve(null, tails, ink, 1, Dash.SHORT));
            series.add(new Series.Dots(method, medians, ink, Symbol.of(place), 4));
        });
        return new Panel(
                "Error: median, and dashed the 90th percentile",
                new Axis(SEEN, 0, 100, false),
                Axis.around("error, % of the final loss", values, true),
                series);
    }

    private static void add(List<Series.Point> points, double fraction, @Nullable Double percent, List<Double> values) {
        if (percent != null && percent > 0) {
            points.add(new Series.Point(100 * fraction, percent));
            values.add(percent);
        }
    }

    private static Panel calibration(BacktestReport report) {
        List<Series> series = new ArrayList<>();
        series.add(new Series.Curve(
                null, List.of(new Series.Point(40, 40), new Series.Point(100, 100)), Ink.BLACK, 1, Dash.SHORT));
        List<Calibration> rows = report.calibration();
        for (int i = 0; i < rows.size(); i++) {
            Calibration row = rows.get(i);
            List<Series.Point> points = List.of(
                    new Series.Point(50, 100 * row.inside50()),
                    new Series.Point(80, 100 * row.inside80()),
                    new Series.Point(95, 100 * row.inside95()));
            series.add(new Series.Curve(null, points, Ink.of(i), 1, Dash.DOTTED));
            series.add(new Series.Dots(
                    String.format(Locale.ROOT, "at %.0f %%", 100 * row.fraction()),
                    points,
                    Ink.of(i),
                    Symbol.of(i),
                    3.6));
        }
        return new Panel(
                "Calibration of straightedge",
                new Axis("interval, %", 40, 100, false),
                new Axis("final losses inside, %", 0, 100, false),
                series);
    }

    private static String description(BacktestReport report) {
        StringBuilder text = new StringBuilder("Median errors in percent: ");
        report.methods().forEach((method, scores) -> {
            text.append(method);
            for (FractionScore score : scores) {
                Double median = score.medianPercent();
                if (median != null) {
                    text.append(String.format(Locale.ROOT, " %.2f at %.0f %%,", median, 100 * score.fraction()));
                }
            }
            text.setCharAt(text.length() - 1, ';');
            text.append(' ');
        });
        return text.toString().strip();
    }
}
