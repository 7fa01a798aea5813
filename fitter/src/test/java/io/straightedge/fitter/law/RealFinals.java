package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** The finals of the real data sets as points, and what the tests of fits to them share. */
final class RealFinals {

    private RealFinals() {}

    /** One row: a run at one token count, with its final loss; {@code cells} are the file's. */
    record Row(String family, String run, double params, double tokens, double loss, List<String> cells) {}

    /** All rows that have N, D and a loss; skips the test where the data is not there. */
    static List<Row> rows(String file) {
        List<String> lines = RealData.lines(file);
        List<String> header = List.of(lines.get(0).split(",", -1));
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cell = List.of(line.split(",", -1));
            String params = cell.get(header.indexOf("params"));
            String tokens = cell.get(header.indexOf("tokens"));
            if (!params.isEmpty() && !tokens.isEmpty()) {
                double loss = Double.parseDouble(cell.get(header.indexOf("loss")));
                rows.add(new Row(
                        cell.get(0), cell.get(1), Double.parseDouble(params), Double.parseDouble(tokens), loss, cell));
            }
        }
        return rows;
    }

    /** The points of each family of a file. */
    static Map<String, LawPoints> families(String file) {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (Row row : rows(file)) {
            rows.computeIfAbsent(row.family(), family -> new ArrayList<>()).add(row);
        }
        Map<String, LawPoints> points = new LinkedHashMap<>();
        rows.forEach((family, of) -> points.put(family, points(of, Row::params)));
        return points;
    }

    static List<Row> select(List<Row> rows, Predicate<Row> of) {
        return rows.stream().filter(of).toList();
    }

    static LawPoints points(List<Row> rows, ToDoubleFunction<Row> params) {
        return LawPoints.of(
                rows.stream().mapToDouble(params).toArray(),
                rows.stream().mapToDouble(Row::tokens).toArray(),
                rows.stream().mapToDouble(Row::loss).toArray());
    }

    /** The law that an outcome must have found. */
    static LawFit found(Outcome<LawFit> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<LawFit>) outcome).value();
    }

    /** F of a Chinchilla law, by the objective that is minimised. */
    static double objective(LawPoints points, double delta, ChinchillaLaw law) {
        LogHuber objective = new LogHuber(new CentredLogs(points));
        objective.delta(delta);
        return objective.value(objective.coordinates(law.theta()));
    }
}
