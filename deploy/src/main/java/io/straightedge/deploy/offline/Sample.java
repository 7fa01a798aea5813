package io.straightedge.deploy.offline;

import io.straightedge.fitter.doubt.PointNotes;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.ingest.finals.FinalRow;
import io.straightedge.ingest.finals.Finals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a law is fitted to: rows of files as points, each row of weight 1.
 *
 * @param runs names of the runs, by their index in the points
 */
public record Sample(Finals finals, LawPoints points, List<String> runs) {

    /** Rows of one file, family and run are one run. */
    public static Sample of(Finals finals) {
        List<FinalRow> rows = finals.rows();
        Map<List<String>, Integer> index = new LinkedHashMap<>();
        int[] run = new int[rows.size()];
        for (int i = 0; i < run.length; i++) {
            FinalRow row = rows.get(i);
            List<String> key = List.of(row.file(), row.family(), row.run());
            Integer known = index.putIfAbsent(key, index.size());
            run[i] = known == null ? index.size() - 1 : known;
        }
        double[] ones = new double[run.length];
        Arrays.fill(ones, 1);
        List<String> names = new ArrayList<>();
        index.keySet().forEach(key -> names.add(key.get(2)));
        return new Sample(
                finals,
                LawPoints.of(
                        column(rows, FinalRow::params),
                        column(rows, FinalRow::tokens),
                        column(rows, FinalRow::flops),
                        column(rows, FinalRow::loss),
                        ones,
                        run),
                List.copyOf(names));
    }

    /** The point of the most tokens of each run, in the order of the points. */
    LawPoints finalPoints() {
        int[] last = new int[points.runs()];
        Arrays.fill(last, -1);
        for (int i = 0; i < points.size(); i++) {
            int run = points.run(i);
            if (last[run] < 0 || points.tokens(i) >= points.tokens(last[run])) {
                last[run] = i;
            }
        }
        return points.select(Arrays.stream(last).filter(i -> i >= 0).sorted().toArray());
    }

    /** What the files say of the points beside their numbers. */
    PointNotes notes() {
        List<FinalRow> rows = finals.rows();
        List<Boolean> annealed =
                rows.stream().map(FinalRow::annealed).filter(Objects::nonNull).toList();
        return new PointNotes(
                rows.stream().map(Sample::place).toList(),
                List.of(),
                annealed.size() == rows.size() ? annealed : List.of());
    }

    /** Where a person finds a row. */
    private static String place(FinalRow row) {
        String line = "line " + row.line();
        return row.run().equals(line) ? line : row.run() + " (" + line + ")";
    }

    /** Name of the run of a point. */
    String run(int point) {
        return runs.get(points.run(point));
    }

    private static double[] column(List<FinalRow> rows, ToDoubleFunction<FinalRow> of) {
        return rows.stream().mapToDouble(of).toArray();
    }
}
