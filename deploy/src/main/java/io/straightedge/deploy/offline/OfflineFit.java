package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.Bootstrap;
import io.straightedge.fitter.law.ExtrapolationFit;
import io.straightedge.fitter.law.HoldOut;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.publisher.predict.Recommendations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fits laws to files and reports on the best. Several laws compete as in a study that is live, by their error on
 * held-out budgets: see {@link Recommendations#spokesman}. Losses beyond the data come from the calibrated forecast
 * where there are runs enough for one, other intervals from resamples where asked for.
 */
public final class OfflineFit {

    private static final double LEVEL = 0.9;

    private final Sample sample;
    private final FitChoices choices;
    private final LongConsumer reached;

    private OfflineFit(Sample sample, FitChoices choices, LongConsumer reached) {
        this.sample = sample;
        this.choices = choices;
        this.reached = reached;
    }

    /**
     * The report. Blocks while it resamples.
     *
     * @param reached is told how many resamples are done, on whichever thread
     */
    public static FitReport of(Sample sample, FitChoices choices, LongConsumer reached) {
        return switch (choices.approach()) {
            case 1 -> TrendReports.envelope(sample, choices);
            case 2 -> TrendReports.isoflop(sample, choices);
            default -> new OfflineFit(sample, choices, reached).report();
        };
    }

    private FitReport report() {
        List<Entry> entries = new ArrayList<>();
        for (String name : choices.laws()) {
            entries.add(Entry.of(LawEstimators.named(name), sample, choices));
        }
        Extrapolation forecast = forecast();
        SortedMap<String, LawEstimate> estimates = new TreeMap<>();
        for (Entry entry : entries) {
            LawFit fit = entry.fit();
            if (fit != null) {
                estimates.put(fit.estimator(), Estimates.of(entry, fit, forecast, sample, choices));
            }
        }
        LawEstimate chosen = Recommendations.spokesman(estimates);
        String name = chosen == null ? entries.get(0).estimator().name() : chosen.name();
        // A stable sort: among equals the order of the laws decides.
        entries.sort(
                Comparator.comparing((Entry entry) -> !entry.estimator().name().equals(name))
                        .thenComparing(entry -> entry.fit() == null)
                        .thenComparingDouble(Entry::error));
        Entry best = entries.get(0);
        List<FitReport.Alternative> others =
                entries.stream().skip(1).map(Entry::alternative).toList();
        LawFit fit = best.fit();
        return fit == null || chosen == null
                ? new Origins(sample, choices).refusal(name, String.valueOf(best.refusal()), isoflop(null), others)
                : found(best, fit, chosen, others);
    }

    private FitReport found(Entry best, LawFit fit, LawEstimate estimate, List<FitReport.Alternative> others) {
        List<double[]> draws = draws(best, fit);
        List<SurfaceLaw> laws = new ArrayList<>();
        for (double[] theta : draws) {
            if (fit.law().withTheta(theta) instanceof SurfaceLaw law) {
                laws.add(law);
            }
        }
        List<FitReport.Optimum> optima = Optima.of(estimate, laws);
        double largest =
                optima.stream().mapToDouble(FitReport.Optimum::flops).max().orElse(Double.NaN);
        Map<Integer, Double> influences = largest > 0
                ? Influences.of(best.estimator(), fit, sample.points(), choices.options(), largest)
                : Map.of();
        return new FittedReport(new Origins(sample, choices), best, fit, estimate, draws)
                .report(optima, forecastHoldOut(fit.law()), influences, isoflop(fit.law()), others);
    }

    private @Nullable Extrapolation forecast() {
        return ExtrapolationFit.of(sample.finalPoints(), choices.options())
                        instanceof Outcome.Found<Extrapolation> found
                ? found.value()
                : null;
    }

    private @Nullable HoldOutReport forecastHoldOut(RunLaw law) {
        return law instanceof SurfaceLaw
                        && choices.holdOutBudgets() > 0
                        && ExtrapolationFit.holdOut(
                                        sample.finalPoints(), choices.options(), choices.holdOutBudgets(), LEVEL)
                                instanceof Outcome.Found<HoldOut> found
                ? HoldOutReport.of(found.value())
                : null;
    }

    private @Nullable IsoFlopReport isoflop(@Nullable RunLaw law) {
        return IsoFlops.of(sample, law) instanceof Outcome.Found<IsoFlopReport> found
                        && IsoFlops.budgeted(sample, found.value())
                ? found.value()
                : null;
    }

    private List<double[]> draws(Entry best, LawFit fit) {
        if (choices.resamples() == 0) {
            return List.of();
        }
        Bootstrap bootstrap = new Bootstrap(best.estimator(), sample.points(), fit, choices.options(), choices.seed());
        return Resamples.of(bootstrap, choices.resamples(), reached);
    }
}
