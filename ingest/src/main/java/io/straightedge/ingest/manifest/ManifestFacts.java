package io.straightedge.ingest.manifest;

import io.straightedge.ingest.metric.Wanted;
import io.straightedge.protocol.run.LossReduction;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run's configuration tells. Immutable.
 *
 * <p>In this order wins: {@code straightedge.*}, what the configuration says outright ({@code num_parameters}), what
 * follows from it.
 */
public final class ManifestFacts {

    private static final String[] TOTAL_PARAMS = {
        "num_parameters", "model/num_parameters", "total_params", "total_parameters", "num_params_total"
    };
    private static final String[] SOME_PARAMS = {"n_params", "num_params", "model_params"};
    private static final String[] OTHER_PARAMS = {
        "non_embedding_params", "num_non_embedding_params", "n_params_non_embedding", "params_non_embedding"
    };
    private static final String[] OPTIMIZER = {"optim", "optimizer", "optimizer.name", "optimizer_name"};

    private static final Map<String, List<String>> NUMBERS = Map.of(
            "weightDecay", List.of("weight_decay", "optimizer.weight_decay"),
            "beta1", List.of("adam_beta1", "beta1", "optimizer.beta1"),
            "beta2", List.of("adam_beta2", "beta2", "optimizer.beta2"),
            "epsilon", List.of("adam_epsilon", "adam_eps", "optimizer.eps"),
            "gradientClip", List.of("max_grad_norm", "clip_grad", "grad_clip", "training.max_norm"));

    private final Map<String, String> provenance = new TreeMap<>();
    private final Map<String, Double> hyperparameters = new TreeMap<>();
    private final Overrides overrides;
    private final @Nullable String study;
    private final @Nullable Double params;
    private final @Nullable ParameterCount paramsCount;
    private final @Nullable Long plannedSteps;
    private final @Nullable Double plannedTokens;
    private final @Nullable Integer sequenceLength;
    private final @Nullable Double tokensPerStep;
    private final @Nullable Integer vocabularySize;
    private final @Nullable Schedule schedule;
    private final @Nullable String optimizer;

    private ManifestFacts(Map<String, String> raw) {
        Values values = new Values(raw);
        overrides = new Overrides(values.below(Overrides.PREFIX));
        study = overrides.text("study");
        Plan plan = new Plan(values);
        Named size = size(values);
        params = said("params", overrides.positive("params"), size.value());
        paramsCount = overrides.has("paramsCount")
                ? overrides.paramsCount()
                : overrides.has("params") ? null : size.counted();
        plannedSteps = said("plannedSteps", overrides.count("plannedSteps"), plan.steps());
        plannedTokens = said("plannedTokens", overrides.positive("plannedTokens"), plan.tokens());
        sequenceLength = said("sequenceLength", overrides.size("sequenceLength"), plan.sequenceLength());
        tokensPerStep = said(
                "tokensPerStep",
                overrides.positive("tokensPerStep"),
                plan.tokensPerStep(sequenceLength, sequenceName(plan)));
        vocabularySize = said("vocabularySize", overrides.size("vocabularySize"), vocabulary(values));
        schedule = said("schedule", overrides.schedule(), new Schedules(values, plannedSteps).schedule());
        optimizer = said("optimizer", overrides.text("optimizer"), optimizer(values));
        NUMBERS.forEach((field, names) -> number(values, field, names));
        new Wanted(overrides.columns());
    }

    /**
     * Reads a configuration: parameters, tags or settings, nested names joined by dots.
     *
     * @throws IllegalArgumentException for a {@code straightedge.*} that cannot be read, which it names
     */
    public static ManifestFacts from(Map<String, String> values) {
        ManifestFacts facts = new ManifestFacts(values);
        // Reads all that is said, so that what cannot be read is noticed now.
        facts.study();
        facts.manifest("study", "run", null);
        return facts;
    }

    /** Whether nothing at all is known. */
    public boolean empty() {
        return provenance.isEmpty() && paramsCount == null && overrides.labels().isEmpty();
    }

    /** The study that the user wants the run to be in; null when not said. */
    public @Nullable String study() {
        return study;
    }

    /** What the user says about the names of metrics, for {@link Wanted}. */
    public Map<String, String> columns() {
        return overrides.columns();
    }

    /** Tokens of one sequence; null when unknown. */
    public @Nullable Integer sequenceLength() {
        return sequenceLength;
    }

    /** The manifest of a run that these facts are about. */
    public RunManifest manifest(String study, String run, @Nullable Integer attempt) {
        return new RunManifest(
                study,
                run,
                params,
                paramsCount,
                plannedTokens,
                plannedSteps,
                tokensPerStep,
                schedule,
                overrides.positive("flopsPerToken"),
                sequenceLength,
                vocabularySize,
                overrides.word("lossReduction", LossReduction.class),
                overrides.text("dataOrder"),
                optimizer,
                hyperparameters,
                List.of(),
                attempt,
                overrides.labels(),
                provenance);
    }

    /** A number of parameters and what it counts. */
    private record Named(
            @Nullable Derived<Double> value, @Nullable ParameterCount counted) {}

    private static Named size(Values values) {
        Double total = values.positive(TOTAL_PARAMS);
        if (total != null) {
            return new Named(Derived.read(total, values.name(TOTAL_PARAMS)), ParameterCount.TOTAL);
        }
        Double other = values.positive(OTHER_PARAMS);
        if (other != null) {
            return new Named(Derived.read(other, values.name(OTHER_PARAMS)), ParameterCount.NON_EMBEDDING);
        }
        Double some = values.positive(SOME_PARAMS);
        if (some != null) {
            return new Named(Derived.read(some, values.name(SOME_PARAMS)), null);
        }
        Derived<Double> derived = ModelSize.of(values);
        return new Named(derived, derived == null ? null : ParameterCount.TOTAL);
    }

    private @Nullable String sequenceName(Plan plan) {
        Derived<Integer> derived = plan.sequenceLength();
        return overrides.has("sequenceLength")
                ? Overrides.PREFIX + "sequenceLength"
                : derived == null ? null : derived.how().replace("read from ", "");
    }

    private static @Nullable Derived<Integer> vocabulary(Values values) {
        Long size = values.count("vocab_size", "padded_vocab_size");
        return size == null || size > Integer.MAX_VALUE
                ? null
                : Derived.read(size.intValue(), values.name("vocab_size", "padded_vocab_size"));
    }

    private static @Nullable Derived<String> optimizer(Values values) {
        String name = values.text(OPTIMIZER);
        if (name == null || name.length() > 100 || !name.matches("[A-Za-z0-9_.+ -]+")) {
            return null;
        }
        return Derived.read(name.substring(name.lastIndexOf('.') + 1), values.name(OPTIMIZER));
    }

    private void number(Values values, String field, List<String> names) {
        Double number = values.number(names.toArray(String[]::new));
        if (number != null) {
            hyperparameters.put(field, number);
        }
    }

    /** What the user says, else what is derived; notes where it is from. */
    private <T> @Nullable T said(String field, @Nullable T override, @Nullable Derived<T> derived) {
        if (override != null) {
            provenance.put(field, "given as " + Overrides.PREFIX + field);
            return override;
        }
        if (derived == null) {
            return null;
        }
        provenance.put(field, derived.how());
        return derived.value();
    }
}
