package io.straightedge.deploy.offline;

import io.straightedge.deploy.plot.Axis;
import io.straightedge.deploy.plot.Dash;
import io.straightedge.deploy.plot.Ink;
import io.straightedge.deploy.plot.Panel;
import io.straightedge.deploy.plot.Series;
import io.straightedge.deploy.plot.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far each run is from the law, over its compute; markers by class of size. */
final class ResidualPanel {

    private static final int CLASSES = 5;

    private ResidualPanel() {}

    static Panel of(FitReport report) {
        List<FitReport.RunRow> runs = report.runs();
        double[] sizes = runs.stream()
                .mapToDouble(FitReport.RunRow::params)
                .sorted()
                .distinct()
                .toArray();
        int classes = Math.min(CLASSES, sizes.length);
        List<Series> series = new ArrayList<>();
        List<Double> flops = runs.stream().map(FitReport.RunRow::flops).toList();
        Axis x = Axis.around(FrontierPanel.COMPUTE, flops, true);
        List<Double> errors = new ArrayList<>(List.of(0.0));
        for (int c = 0; c < classes; c++) {
            double least = sizes[c * sizes.length / classes];
            double most = sizes[(c + 1) * sizes.length / classes - 1];
            List<Series.Point> points = new ArrayList<>();
            for (FitReport.RunRow run : runs) {
                if (run.params() >= least && run.params() <= most && run.residual() != null) {
                    points.add(new Series.Point(run.flops(), 100 * Math.expm1(run.residual())));
                }
            }
            points.forEach(point -> errors.add(point.y()));
            String name = least == most ? "N " + si(least) : "N " + si(least) + " to " + si(most);
            series.add(new Series.Dots(name, points, Ink.of(c), Symbol.of(c), 3.6));
        }
        series.add(
                0,
                new Series.Curve(
                        null,
                        List.of(new Series.Point(x.least(), 0), new Series.Point(x.most(), 0)),
                        Ink.BLACK,
                        1,
                        Dash.SOLID));
        return new Panel("Loss over the law", x, Axis.around("observed over fitted, %", errors, false), series);
    }

    /** 1.5e9 as 1.5B. */
    static String si(double value) {
        String[] units = {"", "k", "M", "B", "T"};
        int unit = 0;
        double scaled = value;
        while (scaled >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        String digits = String.format(Locale.ROOT, scaled < 9.995 ? "%.2f" : scaled < 99.95 ? "%.1f" : "%.0f", scaled);
        return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + units[unit];
    }
}
