package io.straightedge.protocol.fit;

import io.straightedge.protocol.run.ParameterCount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one split of one run: the binned curve, the fitted form, the forecast of the rest. Key
 * {@code study/run/split}; the latest replaces all before it.
 *
 * @param id stable: study, run, split and revision
 * @param sequence how many events of the study had been applied, this one included; orders all that a study emits
 * @param revision counts the estimates of this split from 1
 * @param attempt which restart of the run, from 0
 * @param step last step seen; -1 before the first
 * @param tokens tokens at the last step; null when unknown
 * @param finite whether the last loss was a finite number
 * @param sigma standard deviation of one observation about the curve; NaN before it is known
 * @param coefficients posterior means of the form's coefficients, by name
 * @param curve the binned curve, oldest first, at most 160 bins
 * @param rest the forecast from here to the planned end, at most 64 points; empty when there is no forecast
 * @param finalLoss the forecast of the final loss, or null with the reason in {@code notes}
 * @param observedFinal the final loss once the run has finished, in nats per token
 * @param notes what the reader should know, in words: what was assumed, why there is no forecast
 * @param whatIf forecasts under the other plans that were asked about, in the order asked
 */
public record CurveEstimate(
        String study,
        String run,
        String split,
        String id,
        long sequence,
        long revision,
        RunStatus status,
        int attempt,
        @Nullable Double params,
        @Nullable ParameterCount paramsCount,
        @Nullable Double plannedTokens,
        @Nullable Long plannedSteps,
        @Nullable Double tokensPerStep,
        long step,
        @Nullable Double tokens,
        @Nullable Double lastLoss,
        boolean finite,
        String form,
        Map<String, Double> coefficients,
        double sigma,
        List<CurvePoint> curve,
        List<ForecastPoint> rest,
        @Nullable Forecast finalLoss,
        @Nullable Double observedFinal,
        List<String> notes,
        List<WhatIf> whatIf) {

    public CurveEstimate {
        coefficients = coefficients == null ? Map.of() : Map.copyOf(coefficients);
        curve = curve == null ? List.of() : List.copyOf(curve);
        rest = rest == null ? List.of() : List.copyOf(rest);
        notes = notes == null ? List.of() : List.copyOf(notes);
        whatIf = whatIf == null ? List.of() : List.copyOf(whatIf);
    }

    /** The topic key. */
    public String key() {
        return study + "/" + run + "/" + split;
    }

    /** Fraction of the planned run that has been seen, in [0, 1]; NaN without a plan. */
    public double fraction() {
        return plannedSteps == null ? Double.NaN : Math.min(1, Math.max(0, step) / (double) plannedSteps);
    }
}
