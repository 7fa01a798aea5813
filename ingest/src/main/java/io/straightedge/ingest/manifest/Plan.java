package io.straightedge.ingest.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a run is planned to be and how much it eats a step, from the arguments of its trainer.
 *
 * <p>Tokens per step are a product of which every factor has to be known: the number of data-parallel workers is often
 * missing, and then there is no answer.
 */
final class Plan {

    /** Tokenizers without a limit say 1e30: nothing above this is a length of sequences. */
    private static final long LONGEST_SEQUENCE = 1 << 21;

    private static final String[] STEPS = {
        "max_steps", "train_iters", "training.steps", "max_iters", "total_steps", "num_train_steps", "num_iterations"
    };
    private static final String[] TOKENS = {"train.max_tokens", "train_tokens", "total_train_tokens", "tokens_total"};
    private static final String[] TOKENS_PER_STEP = {
        "tokens_per_step",
        "tokens_per_batch",
        "tokens_per_iter",
        "global_batch_size_tokens",
        "batch_size_tokens",
        "batch_tokens"
    };
    private static final String[] SEQUENCE = {
        "max_seq_length",
        "seq_length",
        "seq_len",
        "sequence_length",
        "training.seq_len",
        "block_size",
        "context_length",
        "max_sequence_length",
        "train.max_seq_length"
    };
    private static final String[] GLOBAL_BATCH = {
        "global_batch_size", "training.global_batch_size", "train.global_batch_size"
    };
    private static final String[] DEVICE_BATCH = {"per_device_train_batch_size"};
    private static final String[] ACCUMULATION = {"gradient_accumulation_steps"};
    private static final String[] WORKERS = {"data_parallel_size", "dp_size", "world_size", "num_processes"};
    private static final List<String> MODEL_PARALLEL = List.of(
            "tensor_model_parallel_size",
            "pipeline_model_parallel_size",
            "context_parallel_size",
            "tensor_parallel_size",
            "pipeline_parallel_size",
            "sequence_parallel_size");

    private final Values values;

    Plan(Values values) {
        this.values = values;
    }

    /** Optimiser steps at the planned end. */
    @Nullable
    Derived<Long> steps() {
        Long steps = values.count(STEPS);
        return steps == null ? null : Derived.read(steps, values.name(STEPS));
    }

    /** Tokens at the planned end. */
    @Nullable
    Derived<Double> tokens() {
        Double tokens = values.positive(TOKENS);
        return tokens == null ? null : Derived.read(tokens, values.name(TOKENS));
    }

    /** Tokens of one sequence as it is trained on. */
    @Nullable
    Derived<Integer> sequenceLength() {
        for (String name : List.of(String.join(" ", SEQUENCE), "model_max_length")) {
            String[] names = name.split(" ", -1);
            Long length = values.count(names);
            if (length != null && length <= LONGEST_SEQUENCE) {
                return Derived.read(length.intValue(), values.name(names));
            }
        }
        return null;
    }

    /** Tokens of the global batch. */
    @Nullable
    Derived<Double> tokensPerStep(@Nullable Integer sequenceLength, @Nullable String sequenceName) {
        Double said = values.positive(TOKENS_PER_STEP);
        if (said != null) {
            return Derived.read(said, values.name(TOKENS_PER_STEP));
        }
        if (sequenceLength == null || padded()) {
            return null;
        }
        Long global = values.count(GLOBAL_BATCH);
        if (global != null) {
            return Derived.from((double) global * sequenceLength, values.name(GLOBAL_BATCH), sequenceName);
        }
        Derived<Double> nanoGpt = nanoGpt(sequenceLength, sequenceName);
        return nanoGpt != null ? nanoGpt : perDevice(sequenceLength, sequenceName);
    }

    private @Nullable Derived<Double> perDevice(int sequenceLength, @Nullable String sequenceName) {
        Long batch = values.count(DEVICE_BATCH);
        Long accumulation = values.count(ACCUMULATION);
        Long workers = values.count(WORKERS);
        if (batch == null || accumulation == null || workers == null || splitsTheModel()) {
            return null;
        }
        return Derived.from(
                (double) batch * accumulation * workers * sequenceLength,
                values.name(DEVICE_BATCH),
                values.name(ACCUMULATION),
                values.name(WORKERS),
                sequenceName);
    }

    /** nanoGPT's accumulation is written before it is divided among the workers. */
    private @Nullable Derived<Double> nanoGpt(int sequenceLength, @Nullable String sequenceName) {
        Long batch = values.count("batch_size");
        Long accumulation = values.count(ACCUMULATION);
        if (batch == null
                || accumulation == null
                || values.name("block_size") == null
                || values.name("max_iters") == null) {
            return null;
        }
        return Derived.from(
                (double) batch * accumulation * sequenceLength, "batch_size", values.name(ACCUMULATION), sequenceName);
    }

    /** Fine-tuning without packing fills its sequences up with padding, which nobody counts. */
    private boolean padded() {
        return values.name("packing") != null && !values.flag(true, "packing");
    }

    /** Whether workers share one model, so that their number is not that of the batches. */
    private boolean splitsTheModel() {
        return values.name("data_parallel_size", "dp_size") == null
                && MODEL_PARALLEL.stream().anyMatch(name -> {
                    Double size = values.number(name);
                    return size != null && size > 1;
                });
    }
}
