package io.straightedge.deploy.offline;

import io.straightedge.fitter.isoflop.IsoFlopBias;
import io.straightedge.fitter.isoflop.IsoFlopBudget;
import io.straightedge.fitter.isoflop.IsoFlopFit;
import io.straightedge.fitter.isoflop.IsoFlopMinimum;
import io.straightedge.fitter.isoflop.IsoFlopOptions;
import io.straightedge.fitter.isoflop.IsoFlopReading;
import io.straightedge.fitter.isoflop.IsoFlopTrends;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.ingest.finals.FinalRow;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Approach 2 on a sample: budgets by their labels where the files have them, else by C. */
final class IsoFlops {

    /** Runs were made in budgets where at least this share of them is in one. */
    private static final double MOSTLY = 0.5;

    private IsoFlops() {}

    /**
     * The report, or why there is none.
     *
     * @param law of the same points, by which the bias of the parabolas is removed; null for none
     */
    static Outcome<IsoFlopReport> of(Sample sample, @Nullable RunLaw law) {
        Outcome<IsoFlopTrends> outcome = trends(sample);
        if (outcome instanceof Outcome.Refused<IsoFlopTrends> refused) {
            return Outcome.refused(refused.reason());
        }
        return Outcome.found(report(sample, ((Outcome.Found<IsoFlopTrends>) outcome).value(), law));
    }

    /** Whether the runs of a sample were made in budgets, so that approach 2 says something of them. */
    static boolean budgeted(Sample sample, IsoFlopReport report) {
        int members = report.budgets().stream()
                .mapToInt(budget -> budget.members().size())
                .sum();
        return members >= MOSTLY * sample.points().size();
    }

    private static Outcome<IsoFlopTrends> trends(Sample sample) {
        double[] labels =
                sample.finals().rows().stream().mapToDouble(FinalRow::budget).toArray();
        for (double label : labels) {
            if (Double.isNaN(label)) {
                return IsoFlopFit.fit(sample.points(), IsoFlopOptions.DEFAULT);
            }
        }
        return IsoFlopFit.fit(sample.points(), labels, IsoFlopOptions.DEFAULT);
    }

    private static IsoFlopReport report(Sample sample, IsoFlopTrends trends, @Nullable RunLaw law) {
        IsoFlopBias.Corrected corrected = null;
        String bias = null;
        if (law instanceof SurfaceLaw surface && trends.parabola() != null) {
            Outcome<IsoFlopBias.Corrected> outcome = IsoFlopBias.corrected(trends, sample.points(), surface);
            if (outcome instanceof Outcome.Found<IsoFlopBias.Corrected> found) {
                corrected = found.value();
                bias = corrected.summary();
            } else if (outcome instanceof Outcome.Refused<IsoFlopBias.Corrected> refused) {
                bias = "not removed: " + refused.reason();
            }
        }
        return new IsoFlopReport(
                trends(trends.parabola()),
                trends(trends.akima()),
                trends(corrected == null ? null : corrected.reading()),
                bias,
                budgets(trends, corrected),
                trends.discarded(),
                trends.diagnostics());
    }

    private static List<IsoFlopReport.Budget> budgets(IsoFlopTrends trends, IsoFlopBias.@Nullable Corrected corrected) {
        List<IsoFlopReport.Budget> budgets = new ArrayList<>();
        // Shifts stand for the budgets that have a parabola, in their order.
        int shift = 0;
        for (IsoFlopBudget budget : trends.budgets()) {
            IsoFlopReport.Minimum right = null;
            IsoFlopMinimum parabola = budget.parabola();
            if (parabola != null && corrected != null) {
                IsoFlopBias.Shift by = corrected.shifts().get(shift++);
                right = new IsoFlopReport.Minimum(
                        parabola.params() * Math.exp(-by.logParams()),
                        parabola.tokens() * Math.exp(-by.logTokens()),
                        parabola.lossNats());
            }
            budgets.add(new IsoFlopReport.Budget(
                    budget.flops(),
                    budget.members(),
                    budget.sizes(),
                    minimum(parabola),
                    minimum(budget.akima()),
                    right));
        }
        return budgets;
    }

    private static IsoFlopReport.@Nullable Minimum minimum(@Nullable IsoFlopMinimum minimum) {
        return minimum == null
                ? null
                : new IsoFlopReport.Minimum(minimum.params(), minimum.tokens(), minimum.lossNats());
    }

    private static IsoFlopReport.@Nullable Trends trends(@Nullable IsoFlopReading reading) {
        return reading == null
                ? null
                : new IsoFlopReport.Trends(
                        reading.params().exponent(),
                        reading.params().logScale(),
                        reading.tokens().exponent(),
                        reading.tokens().logScale());
    }
}
