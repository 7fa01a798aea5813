package io.straightedge.deploy.offline;

import io.straightedge.deploy.offline.FitReport.Alternative;
import io.straightedge.deploy.offline.FitReport.Provenance;
import io.straightedge.deploy.offline.FitReport.Range;
import io.straightedge.deploy.offline.FitReport.RunRow;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.ingest.finals.FinalRow;
import io.straightedge.ingest.finals.Finals;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a report says of the data and of how they were fitted, whether or not a law came of it. */
final class Origins {

    private static final String OBJECTIVE = "sum over points of w Huber(ln L - ln fitted)";
    private static final String OPTIMISER =
            "variable projection grid, then damped Newton on the exact objective with analytic gradient";

    private final Sample sample;
    private final FitChoices choices;

    Origins(Sample sample, FitChoices choices) {
        this.sample = sample;
        this.choices = choices;
    }

    FitChoices choices() {
        return choices;
    }

    /** The report of a refusal. */
    FitReport refusal(String law, String reason, @Nullable IsoFlopReport isoflop, List<Alternative> alternatives) {
        return new FitReport(
                law,
                reason,
                null,
                sample.points().size(),
                Map.of(),
                Map.of(),
                List.of(),
                null,
                List.of(),
                provenance(null, null, null, OBJECTIVE, OPTIMISER),
                null,
                null,
                List.of(),
                List.of(),
                null,
                isoflop,
                alternatives,
                runs(null, Map.of()));
    }

    /** Where a law of N and D comes from. */
    Provenance provenance(Entry entry, LawFit fit, @Nullable HoldOutReport holdOut) {
        return provenance(entry, fit, holdOut, OBJECTIVE, OPTIMISER);
    }

    /** Where trends come from. */
    Provenance provenance(String objective, String optimiser) {
        return provenance(null, null, null, objective, optimiser);
    }

    private Provenance provenance(
            @Nullable Entry entry,
            @Nullable LawFit fit,
            @Nullable HoldOutReport holdOut,
            String objective,
            String optimiser) {
        Finals finals = sample.finals();
        Coefficients law = fit == null ? null : Coefficients.of(fit.law());
        return new Provenance(
                law == null ? null : law.form(),
                law == null ? null : law.variable(),
                finals.rows().stream().map(FinalRow::file).distinct().toList(),
                finals.columns(),
                finals.notes(),
                finals.read(),
                finals.skipped(),
                finals.dropped(),
                choices.paramsCount(),
                ranges(sample.points()),
                objective,
                choices.options().delta(),
                optimiser,
                fit == null ? 0 : fit.certificate().starts(),
                choices.seed(),
                fit == null ? null : fit.sigma(),
                holdOut,
                entry == null ? null : entry.holdOut(),
                entry == null ? null : entry.rollingPercent());
    }

    private static Map<String, Range> ranges(LawPoints points) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        ranges.put("N", range(points.size(), points::params));
        ranges.put("D", range(points.size(), points::tokens));
        ranges.put("C", range(points.size(), points::flops));
        ranges.put("L", range(points.size(), points::loss));
        return ranges;
    }

    private static Range range(int points, IntToDoubleFunction of) {
        double[] distinct =
                IntStream.range(0, points).mapToDouble(of).sorted().distinct().toArray();
        return new Range(distinct[0], distinct[distinct.length - 1], distinct.length);
    }

    /**
     * The points, with what a law says of each.
     *
     * @param influences by index of the run
     */
    List<RunRow> runs(@Nullable RunLaw law, Map<Integer, Double> influences) {
        LawPoints points = sample.points();
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Double fitted = law == null ? null : law.loss(points.params(i), points.tokens(i));
            rows.add(new RunRow(
                    sample.run(i),
                    points.params(i),
                    points.tokens(i),
                    points.flops(i),
                    points.loss(i),
                    points.weight(i),
                    fitted,
                    fitted == null ? null : Math.log(points.loss(i) / fitted),
                    influences.get(points.run(i))));
        }
        return rows;
    }
}
