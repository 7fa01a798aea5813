package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a running run can still end below its siblings, and what stopping it would save.
 *
 * <p>Siblings are the study's runs of the same split that are planned for no more compute: finished ones with their
 * loss, running ones with their forecast.
 *
 * @param probability of ending below all of them; NaN when it cannot be said
 * @param expectedLoss forecast of the run's final loss, nats per token; NaN when there is none
 * @param sd of that forecast
 * @param rival the sibling that is expected to end lowest; null when there is none
 * @param flopsPlanned 6ND at the planned end; NaN when unknown
 * @param flopsLeft what stopping now would save; NaN when unknown
 * @param lawLoss what the law expects of the run's N and D; null without a law
 * @param bestByLaw the best that the law says its compute can buy; null without a law
 * @param text all that in a sentence or two, or why it cannot be said
 */
public record Chance(
        double probability,
        double expectedLoss,
        double sd,
        @Nullable Rival rival,
        double flopsPlanned,
        double flopsLeft,
        @Nullable Double lawLoss,
        @Nullable Double bestByLaw,
        String text) {

    /** Budgets are met to about this part: a sibling so much dearer still counts as of the same compute. */
    private static final double SAME_COMPUTE = 1.02;

    /** Standard normal deviates of the upper tails 0.1 and 0.025. */
    private static final double NORMAL80 = 1.2815515655446004;

    private static final double NORMAL95 = 1.959963984540054;

    /**
     * A sibling to be beaten.
     *
     * @param flops 6ND, of its plan while it is running
     * @param loss final loss, or the forecast of it
     * @param sd of the forecast; 0 when finished
     */
    public record Rival(String run, double flops, double loss, double sd, boolean finished) {}

    /** Null unless the run is running. */
    public static @Nullable Chance of(CurveEstimate run, @Nullable LawEstimate law, List<CurveEstimate> siblings) {
        if (run.status() != RunStatus.RUNNING) {
            return null;
        }
        double planned = flops(run.params(), run.plannedTokens());
        Prediction prediction = Predictions.of(run, law);
        Forecast forecast = prediction == null ? null : prediction.finalLoss();
        List<Rival> rivals = rivals(run, planned, law, siblings);
        Rival best = rivals.stream()
                .min(Comparator.comparingDouble(Rival::loss).thenComparing(Rival::run))
                .orElse(null);
        double mean = forecast == null ? Double.NaN : forecast.mean();
        double sd = forecast == null ? Double.NaN : sd(forecast);
        boolean said = best != null && sd > 0 && Double.isFinite(mean) && run.finite();
        double probability = said ? Contest.probability(mean, sd, rivals) : Double.NaN;
        double left = left(run, planned);
        SurfaceLaw surface = planned > 0 ? lawFor(run, law) : null;
        return new Chance(
                probability,
                mean,
                sd,
                best,
                planned,
                left,
                surface != null ? Double.valueOf(surface.loss(orNaN(run.params()), orNaN(run.plannedTokens()))) : null,
                surface != null ? Double.valueOf(surface.optimum(planned).loss()) : null,
                best == null || !said
                        ? whyNot(run, planned, forecast)
                        : text(prediction, probability, best, planned, left));
    }

    private static @Nullable SurfaceLaw lawFor(CurveEstimate run, @Nullable LawEstimate law) {
        return law != null && law.law() instanceof SurfaceLaw surface && Predictions.appliesTo(law, run)
                ? surface
                : null;
    }

    private static List<Rival> rivals(
            CurveEstimate run, double planned, @Nullable LawEstimate law, List<CurveEstimate> siblings) {
        List<Rival> rivals = new ArrayList<>();
        for (CurveEstimate sibling : siblings) {
            boolean other = !sibling.run().equals(run.run())
                    && sibling.split().equals(run.split())
                    && sibling.study().equals(run.study());
            Rival rival = other ? rival(sibling, law) : null;
            if (rival != null && rival.flops() <= SAME_COMPUTE * planned) {
                rivals.add(rival);
            }
        }
        return rivals;
    }

    private static @Nullable Rival rival(CurveEstimate sibling, @Nullable LawEstimate law) {
        Double observed = sibling.observedFinal();
        if (observed != null && sibling.status() == RunStatus.FINISHED) {
            Double seen = sibling.tokens() != null ? sibling.tokens() : sibling.plannedTokens();
            return observed > 0 ? new Rival(sibling.run(), flops(sibling.params(), seen), observed, 0, true) : null;
        }
        Prediction prediction = sibling.status() == RunStatus.RUNNING ? Predictions.of(sibling, law) : null;
        if (prediction == null) {
            return null;
        }
        double sd = sd(prediction.finalLoss());
        double mean = prediction.finalLoss().mean();
        return sd > 0 && Double.isFinite(mean)
                ? new Rival(sibling.run(), flops(sibling.params(), sibling.plannedTokens()), mean, sd, false)
                : null;
    }

    /**
     * The normal deviation that is as wide as the wider of the 80 % and the 95 % interval, which are calibrated where
     * the scale is not; the scale where they are unknown.
     */
    private static double sd(Forecast forecast) {
        double sd = Math.max(
                (forecast.upper80() - forecast.lower80()) / (2 * NORMAL80),
                (forecast.upper95() - forecast.lower95()) / (2 * NORMAL95));
        return Double.isFinite(sd) ? sd : forecast.scale();
    }

    private static double left(CurveEstimate run, double planned) {
        Double tokens = run.tokens();
        Double plannedTokens = run.plannedTokens();
        double done = tokens != null && plannedTokens != null ? tokens / plannedTokens : run.fraction();
        return planned * Math.max(0, 1 - done);
    }

    private static double flops(@Nullable Double params, @Nullable Double tokens) {
        return ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * orNaN(params) * orNaN(tokens);
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static String whyNot(CurveEstimate run, double planned, @Nullable Forecast forecast) {
        if (!run.finite()) {
            return "Whether it can still be the best cannot be said: its loss is not a finite number.";
        }
        if (!(planned > 0)) {
            return "Whether it can still be the best cannot be said: its parameters or planned tokens are not known.";
        }
        if (forecast == null) {
            return "Whether it can still be the best cannot be said: there is no forecast of its final loss yet.";
        }
        return "There is nothing to beat: no sibling of as much compute or less has a loss or a forecast of one.";
    }

    private static String text(
            @Nullable Prediction prediction, double probability, Rival best, double planned, double left) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s to end below the best sibling, %s (%s%.3f with %s of its compute)",
                odds(probability),
                best.run(),
                best.finished() ? "" : "forecast ",
                best.loss(),
                share(best.flops() / planned)));
        if (Double.isFinite(left)) {
            text.append("; stopping now would save ")
                    // As people write it: 8.6e19, without a plus.
                    .append(String.format(Locale.ROOT, "%.1e", left).replace("+", ""))
                    .append(" FLOPs, ")
                    .append(share(left / planned))
                    .append(" of its plan");
        }
        text.append('.');
        if (Objects.requireNonNull(prediction).basis() == Prediction.Basis.LAW) {
            text.append(" The forecast is the law's: its own curve has none yet.");
        }
        return text.toString();
    }

    private static String odds(double probability) {
        if (probability < 0.01) {
            return "Less than 1 % chance";
        }
        return probability > 0.99 ? "More than 99 % chance" : Math.round(100 * probability) + " % chance";
    }

    private static String share(double part) {
        return String.format(Locale.ROOT, part < 0.095 ? "%.1f %%" : "%.0f %%", 100 * part);
    }
}
