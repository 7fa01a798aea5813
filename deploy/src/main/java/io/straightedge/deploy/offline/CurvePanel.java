package io.straightedge.deploy.offline;

import io.straightedge.deploy.plot.Axis;
import io.straightedge.deploy.plot.Dash;
import io.straightedge.deploy.plot.Ink;
import io.straightedge.deploy.plot.Panel;
import io.straightedge.deploy.plot.Series;
import io.straightedge.deploy.plot.Symbol;
import io.straightedge.protocol.law.CurveLaw;
import java.util.ArrayList;
import java.util.List;

/** A law of one variable, a decade beyond its runs. */
final class CurvePanel {

    private static final int STEPS = 80;
    private static final double BEYOND = 10;

    private CurvePanel() {}

    static Panel of(FitReport report, CurveLaw law) {
        List<Series.Point> runs = report.runs().stream()
                .map(run -> new Series.Point(law.variable().of(run.params(), run.tokens()), run.loss()))
                .toList();
        double least = runs.stream().mapToDouble(Series.Point::x).min().orElse(1);
        double most = BEYOND * runs.stream().mapToDouble(Series.Point::x).max().orElse(1);
        List<Series.Point> line = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            double x = least * Math.pow(most / least, (double) i / STEPS);
            line.add(new Series.Point(x, law.lossAt(x)));
        }
        List<Double> losses = new ArrayList<>();
        runs.forEach(run -> losses.add(run.y()));
        line.forEach(point -> losses.add(point.y()));
        return new Panel(
                "The law",
                Axis.around(label(law), line.stream().map(Series.Point::x).toList(), true),
                Axis.around(FrontierPanel.LOSS, losses, true),
                List.of(
                        new Series.Curve("the law", line, Ink.BLACK, 1.8, Dash.SOLID),
                        new Series.Dots("runs", runs, Ink.of(5), Symbol.CIRCLE, 3)));
    }

    private static String label(CurveLaw law) {
        return switch (law.variable()) {
            case PARAMS -> "N, parameters";
            case TOKENS -> "D, tokens";
            case COMPUTE -> FrontierPanel.COMPUTE;
        };
    }
}
