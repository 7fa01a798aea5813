package io.straightedge.ingest.finals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reduces curves, several rows a run, to the last point of each. */
final class LastPoints {

    private LastPoints() {}

    /** The lines that stand for final losses, in the order of their runs. */
    static Source of(Source source, FinalsOptions.Checkpoints checkpoints, List<String> notes) {
        if (!source.columns().has(Column.RUN)) {
            return source;
        }
        Map<List<String>, List<Table.Line>> runs = runs(source);
        boolean repeated = runs.size() < source.lines().size();
        boolean curves = repeated && source.knows(Column.STEP);
        if (!repeated) {
            return source;
        }
        Source logged = curves ? withLoss(source, notes) : source;
        boolean last = checkpoints == FinalsOptions.Checkpoints.LAST
                || (checkpoints == FinalsOptions.Checkpoints.AUTO && curves);
        if (!last) {
            notes.add("rows that share a run (" + source.lines().size() + " rows, " + runs.size()
                    + " runs) count as checkpoints of it");
            return logged;
        }
        List<Table.Line> lasts = new ArrayList<>();
        runs(logged).values().forEach(lines -> lasts.add(last(logged, lines)));
        notes.add("curves: the last point of each of " + lasts.size() + " runs is its final loss");
        return source.with(lasts);
    }

    /** Lines of steps at which this loss was not logged say nothing. */
    private static Source withLoss(Source source, List<String> notes) {
        Source kept = source.keep(line -> !source.cell(line, Column.LOSS).isEmpty());
        int empty = source.lines().size() - kept.lines().size();
        if (empty > 0) {
            notes.add(empty + " rows without a loss left out");
        }
        return kept;
    }

    private static Map<List<String>, List<Table.Line>> runs(Source source) {
        Map<List<String>, List<Table.Line>> runs = new LinkedHashMap<>();
        for (Table.Line line : source.lines()) {
            runs.computeIfAbsent(source.runKey(line), unseen -> new ArrayList<>())
                    .add(line);
        }
        return runs;
    }

    /** The line of the largest step, else of the most tokens, else the last; the later one of equals. */
    private static Table.Line last(Source source, List<Table.Line> lines) {
        Column order = source.knows(Column.STEP) ? Column.STEP : Column.TOKENS;
        Table.Line last = lines.get(0);
        double most = Double.NEGATIVE_INFINITY;
        for (Table.Line line : lines) {
            double position = source.knows(order) ? Cells.number(source.cell(line, order)) : 0;
            if (Double.isNaN(position)) {
                throw Cells.bad(source, line, order, "it must be a number");
            }
            if (position >= most) {
                most = position;
                last = line;
            }
        }
        return last;
    }
}
