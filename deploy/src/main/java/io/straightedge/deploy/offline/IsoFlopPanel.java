package io.straightedge.deploy.offline;

import io.straightedge.deploy.plot.Axis;
import io.straightedge.deploy.plot.Dash;
import io.straightedge.deploy.plot.Ink;
import io.straightedge.deploy.plot.Panel;
import io.straightedge.deploy.plot.Series;
import io.straightedge.deploy.plot.Symbol;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.ScalingLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The losses of each budget over N: the runs, the law along the budget, and where each has its least loss. */
final class IsoFlopPanel {

    private static final int STEPS = 60;
    /** Budgets beyond these make the panel a thicket; those kept are spread evenly. */
    private static final int MOST_BUDGETS = 8;

    private IsoFlopPanel() {}

    /** Null where the runs have no budgets. */
    static @Nullable Panel of(FitReport report, RunLaw law) {
        IsoFlopReport isoflop = report.isoflop();
        if (isoflop == null || isoflop.budgets().isEmpty()) {
            return null;
        }
        List<IsoFlopReport.Budget> budgets = spread(isoflop.budgets());
        List<Series> lines = new ArrayList<>();
        List<Series> dots = new ArrayList<>();
        List<Series.Point> minima = new ArrayList<>();
        List<Double> params = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < budgets.size(); i++) {
            IsoFlopReport.Budget budget = budgets.get(i);
            List<Series.Point> runs = runs(report, budget);
            runs.forEach(run -> {
                params.add(run.x());
                losses.add(run.y());
            });
            lines.add(new Series.Curve(
                    i == 0 ? "the law" : null, along(budget.flops(), runs, law), Ink.of(i), 1.2, Dash.SOLID));
            dots.add(new Series.Dots(
                    String.format(Locale.ROOT, "%.2g FLOPs", budget.flops()).replace("e+", "e"),
                    runs,
                    Ink.of(i),
                    Symbol.of(i),
                    3.6));
            IsoFlopReport.Minimum minimum = budget.parabola() == null ? budget.akima() : budget.parabola();
            if (minimum != null) {
                minima.add(new Series.Point(minimum.params(), minimum.loss()));
            }
        }
        List<Series> series = new ArrayList<>(lines);
        series.addAll(dots);
        series.add(new Series.Curve(null, minima, Ink.BLACK, 1.2, Dash.SHORT));
        series.add(new Series.Dots("least of a budget", minima, Ink.BLACK, Symbol.STAR, 5.5));
        return new Panel(
                "IsoFLOP curves",
                Axis.around("N, parameters", params, true),
                Axis.around(FrontierPanel.LOSS, losses, true),
                series);
    }

    private static List<IsoFlopReport.Budget> spread(List<IsoFlopReport.Budget> budgets) {
        if (budgets.size() <= MOST_BUDGETS) {
            return budgets;
        }
        List<IsoFlopReport.Budget> kept = new ArrayList<>();
        for (int i = 0; i < MOST_BUDGETS; i++) {
            kept.add(budgets.get(i * (budgets.size() - 1) / (MOST_BUDGETS - 1)));
        }
        return kept;
    }

    private static List<Series.Point> runs(FitReport report, IsoFlopReport.Budget budget) {
        return budget.members().stream()
                .map(report.runs()::get)
                .map(run -> new Series.Point(run.params(), run.loss()))
                .toList();
    }

    /** The law at constant 6ND over the sizes of the runs. */
    private static List<Series.Point> along(double flops, List<Series.Point> runs, RunLaw law) {
        double least = runs.stream().mapToDouble(Series.Point::x).min().orElse(1);
        double most = runs.stream().mapToDouble(Series.Point::x).max().orElse(1);
        List<Series.Point> points = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            double params = least * Math.pow(most / least, (double) i / STEPS);
            double tokens = flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN / params;
            points.add(new Series.Point(params, law.loss(params, tokens)));
        }
        return points;
    }
}
