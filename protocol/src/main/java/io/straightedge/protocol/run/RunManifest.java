package io.straightedge.protocol.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run beside its losses. A later manifest replaces an earlier one.
 *
 * @param params N
 * @param paramsCount what N counts; the study's when null
 * @param plannedTokens D at the planned end
 * @param plannedSteps optimiser steps at the planned end
 * @param tokensPerStep global batch in tokens
 * @param flopsPerToken training FLOPs per token; 6N when null
 * @param lossReduction whether the train loss is global or one rank's
 * @param dataOrder runs with the same id see the same data in the same order
 * @param optimizer its name, such as {@code adamw}
 * @param hyperparameters further numbers of the recipe by name, such as {@code weightDecay}; finite, at most 32
 * @param attempt which restart of the run this manifest describes
 * @param provenance field name to how its value was derived
 */
public record RunManifest(
        String study,
        String run,
        @Nullable Double params,
        @Nullable ParameterCount paramsCount,
        @Nullable Double plannedTokens,
        @Nullable Long plannedSteps,
        @Nullable Double tokensPerStep,
        @Nullable Schedule schedule,
        @Nullable Double flopsPerToken,
        @Nullable Integer sequenceLength,
        @Nullable Integer vocabularySize,
        @Nullable LossReduction lossReduction,
        @Nullable String dataOrder,
        @Nullable String optimizer,
        Map<String, Double> hyperparameters,
        List<PlannedEvent> plannedEvents,
        @Nullable Integer attempt,
        Map<String, String> labels,
        Map<String, String> provenance)
        implements TrainingEvent {

    /** Most hyperparameters that a manifest may carry. */
    public static final int MAX_HYPERPARAMETERS = 32;

    public RunManifest {
        Names.require(study, "study");
        Names.require(run, "run");
        Names.requirePositive(params, "params");
        Names.requirePositive(plannedTokens, "plannedTokens");
        Names.requirePositive(tokensPerStep, "tokensPerStep");
        Names.requirePositive(flopsPerToken, "flopsPerToken");
        if (plannedSteps != null && plannedSteps < 1) {
            throw new IllegalArgumentException("plannedSteps is " + plannedSteps + ": it must be at least 1");
        }
        if (attempt != null) {
            Names.requireNotNegative(attempt, "attempt");
        }
        if (dataOrder != null) {
            Names.require(dataOrder, "dataOrder");
        }
        if (optimizer != null) {
            Names.require(optimizer, "optimizer");
        }
        hyperparameters = hyperparameters == null ? Map.of() : Map.copyOf(new TreeMap<>(hyperparameters));
        if (hyperparameters.size() > MAX_HYPERPARAMETERS) {
            throw new IllegalArgumentException("hyperparameters has " + hyperparameters.size() + " entries: at most "
                    + MAX_HYPERPARAMETERS + " are allowed");
        }
        hyperparameters.forEach((name, value) -> {
            Names.require(name, "a name in hyperparameters");
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "hyperparameters." + Names.excerpt(name) + " is " + value + ": it must be a finite number");
            }
        });
        plannedEvents = plannedEvents == null ? List.of() : List.copyOf(plannedEvents);
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        provenance = provenance == null ? Map.of() : Map.copyOf(provenance);
    }

    /** Steps at the planned end: as sent, or from tokens; null when neither is known. */
    public @Nullable Long stepsAtEnd() {
        if (plannedSteps != null) {
            return plannedSteps;
        }
        return plannedTokens != null && tokensPerStep != null
                ? Long.valueOf(Math.max(1, Math.round(plannedTokens / tokensPerStep)))
                : null;
    }

    /** Tokens at the planned end: as sent, or from steps; null when neither is known. */
    public @Nullable Double tokensAtEnd() {
        if (plannedTokens != null) {
            return plannedTokens;
        }
        return plannedSteps != null && tokensPerStep != null ? Double.valueOf(plannedSteps * tokensPerStep) : null;
    }

    /** A manifest with the given plan and nothing else. */
    public static RunManifest of(
            String study,
            String run,
            @Nullable Double params,
            @Nullable Long plannedSteps,
            @Nullable Double tokensPerStep,
            @Nullable Schedule schedule) {
        return new RunManifest(
                study,
                run,
                params,
                null,
                null,
                plannedSteps,
                tokensPerStep,
                schedule,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    /** The same run as one that sees the data in the order of that id. */
    public RunManifest withDataOrder(@Nullable String dataOrder) {
        return with(dataOrder, optimizer, hyperparameters);
    }

    /** The same run with the given optimiser and hyperparameters. */
    public RunManifest withRecipe(@Nullable String optimizer, Map<String, Double> hyperparameters) {
        return with(dataOrder, optimizer, hyperparameters);
    }

    private RunManifest with(
            @Nullable String otherOrder, @Nullable String otherOptimizer, Map<String, Double> otherHyperparameters) {
        return new RunManifest(
                study,
                run,
                params,
                paramsCount,
                plannedTokens,
                plannedSteps,
                tokensPerStep,
                schedule,
                flopsPerToken,
                sequenceLength,
                vocabularySize,
                lossReduction,
                otherOrder,
                otherOptimizer,
                otherHyperparameters,
                plannedEvents,
                attempt,
                labels,
                provenance);
    }
}
