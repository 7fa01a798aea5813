package io.straightedge.ingest.manifest;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out the number of parameters from a model's configuration: of Hugging Face's transformers, Megatron-LM, LitGPT,
 * nanoGPT, and Meta's names that torchtitan uses.
 *
 * <p>Only for dense decoders whose layout is known; mixtures of experts, encoders and unknown types have no answer.
 */
final class ModelSize {

    private static final String[] WIDTH = {"hidden_size", "n_embd", "d_model", "dim"};
    private static final String[] LAYERS = {"num_hidden_layers", "n_layer", "n_layers", "num_layers"};
    private static final String[] VOCABULARY = {"padded_vocab_size", "vocab_size"};
    private static final String[] INNER = {"intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim", "d_ff"};
    private static final String[] HEADS = {"num_attention_heads", "n_head", "n_heads"};
    private static final String[] KEY_HEADS = {
        "num_key_value_heads", "n_kv_heads", "num_kv_heads", "n_query_groups", "num_query_groups"
    };
    private static final String[] HEAD_SIZE = {"head_dim", "head_size", "kv_channels"};
    private static final String[] EXPERTS = {
        "num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts", "n_experts", "n_expert", "n_exp"
    };

    /** Rotary positions, gated, norms without bias: llama's layout under other names. */
    private static final Set<String> LIKE_LLAMA = Set.of("llama", "mistral", "phi3", "granite", "helium", "smollm3");

    private final Values values;
    private final String type;

    private ModelSize(Values values) {
        this.values = values;
        String named = values.text("model_type");
        this.type = named == null ? "" : named.toLowerCase(Locale.ROOT);
    }

    /** N with embeddings; null when the configuration does not tell it. */
    static @Nullable Derived<Double> of(Values values) {
        return new ModelSize(values).total();
    }

    private @Nullable Derived<Double> total() {
        Double width = values.positive(WIDTH);
        Double layers = values.positive(LAYERS);
        Double vocabulary = values.positive(VOCABULARY);
        if (width == null || layers == null || vocabulary == null || hasExperts()) {
            return null;
        }
        Double inner = inner(width);
        Architecture found = inner == null ? null : architecture(width, layers, vocabulary, inner);
        return found == null
                ? null
                : Derived.from(
                        found.total(),
                        values.name(WIDTH),
                        values.name(LAYERS),
                        values.name(VOCABULARY),
                        values.name(INNER),
                        values.name(HEADS),
                        values.name(KEY_HEADS),
                        values.name("model_type"));
    }

    private boolean hasExperts() {
        Double experts = values.number(EXPERTS);
        return (experts != null && experts > 1) || type.contains("moe") || type.contains("mixtral");
    }

    /** Width of the feed-forward part; null when neither said nor settled by the type. */
    private @Nullable Double inner(double width) {
        Double said = values.positive(INNER);
        if (said != null) {
            return said;
        }
        if (values.name("multiple_of") != null) {
            return metaInner(width);
        }
        boolean fourTimes = Set.of("gpt2", "bloom", "").contains(type)
                && values.text("mlp_class_name") == null
                && !values.flag(false, "swiglu");
        return fourTimes ? Double.valueOf(4 * width) : null;
    }

    /** Two thirds of four times the width, times a factor, rounded up to a multiple. */
    private @Nullable Double metaInner(double width) {
        Double multiple = values.positive("multiple_of");
        Double factor = values.positive("ffn_dim_multiplier");
        double inner = Math.floor(2 * (4 * width) / 3);
        inner = factor == null ? inner : Math.floor(factor * inner);
        return multiple == null ? null : Double.valueOf(multiple * Math.ceil(inner / multiple));
    }

    private @Nullable Architecture architecture(double h, double layers, double vocabulary, double inner) {
        Double heads = values.positive(HEADS);
        Double size = values.positive(HEAD_SIZE);
        Double keyHeads = keyHeads();
        if (heads == null && (size != null || keyHeads != null)) {
            return null;
        }
        double head = size != null ? size : heads == null ? h : h / heads;
        double query = heads == null ? h : heads * head;
        double key = keyHeads == null ? query : keyHeads * head;
        Shape shape = new Shape(vocabulary, h, layers, inner, query, key, head);
        if (values.text("mlp_class_name") != null) {
            return litgpt(shape);
        }
        if (values.name("untie_embeddings_and_output_weights") != null || values.name("ffn_hidden_size") != null) {
            return megatron(shape);
        }
        return type.isEmpty() ? untyped(shape) : typed(shape);
    }

    /** Megatron-LM sets {@code num_query_groups} to 1 where it is not used. */
    private @Nullable Double keyHeads() {
        boolean unused = values.name("group_query_attention") != null && !values.flag(true, "group_query_attention");
        return unused ? null : values.positive(KEY_HEADS);
    }

    private @Nullable Architecture typed(Shape shape) {
        double h = shape.width();
        double kept = 2 * shape.head();
        boolean gate = true;
        return switch (type) {
            case "gpt2" -> shape.biased(positions(0), tied(true), 0);
            case "gpt_neox", "gpt_neox_japanese" -> shape.biased(0, tied(false), 0);
            case "opt" -> plainOpt() ? shape.biased(positions(2), tied(true), 0) : null;
            case "bloom" -> shape.biased(0, tied(true), 2 * h);
            case "qwen2" -> shape.rotary(tied(false), gate, true, false, false, h, 2, 0);
            case "qwen3" -> shape.rotary(tied(false), gate, false, false, false, h, 2, kept);
            case "gemma" -> shape.rotary(tied(true), gate, false, false, false, h, 2, 0);
            case "gemma2" -> shape.rotary(tied(true), gate, false, false, false, h, 4, 0);
            case "gemma3_text" -> shape.rotary(tied(true), gate, false, false, false, h, 4, kept);
            case "olmo" -> shape.rotary(tied(false), gate, false, false, false, 0, 2, 0);
            case "olmo2" ->
                shape.rotary(tied(false), gate, false, false, false, h, 2, shape.queryWidth() + shape.keyWidth());
            default -> LIKE_LLAMA.contains(type) ? llama(shape) : null;
        };
    }

    private Architecture llama(Shape shape) {
        boolean attention = values.flag(false, "attention_bias");
        return shape.rotary(
                tied(false), true, attention, attention, values.flag(false, "mlp_bias"), shape.width(), 2, 0);
    }

    /** OPT-350m alone has a narrower embedding and its norms elsewhere. */
    private boolean plainOpt() {
        Double embedding = values.positive("word_embed_proj_dim");
        return (embedding == null || embedding.equals(values.positive(WIDTH)))
                && values.flag(true, "do_layer_norm_before");
    }

    /** nanoGPT by its block_size, Meta's and torchtitan's llama by dim; nothing else can be told without a type. */
    private @Nullable Architecture untyped(Shape shape) {
        Double block = values.positive("block_size", "n_positions", "n_ctx");
        if (values.name("n_embd") != null && block != null) {
            boolean bias = values.flag(true, "bias");
            return new Architecture(
                    shape.vocabulary(),
                    shape.width(),
                    shape.layers(),
                    shape.inner(),
                    shape.width(),
                    shape.width(),
                    block,
                    true,
                    false,
                    bias,
                    bias,
                    bias,
                    (bias ? 2 : 1) * shape.width(),
                    2,
                    0,
                    0);
        }
        if (values.name("dim") != null && values.name("n_layers") != null) {
            return shape.rotary(tied(false), true, false, false, false, shape.width(), 2, 0);
        }
        return null;
    }

    private @Nullable Architecture litgpt(Shape shape) {
        String kind = String.valueOf(values.text("mlp_class_name"));
        if (!List.of("LLaMAMLP", "GptNeoxMLP", "GemmaMLP").contains(kind)) {
            return null;
        }
        boolean bias = values.flag(true, "bias");
        boolean layerNorm = !"RMSNorm".equals(values.text("norm_class_name"));
        double norms = values.flag(false, "shared_attention_norm") ? 1 : 2;
        double headBias = values.flag(false, "lm_head_bias") ? shape.vocabulary() : 0;
        return new Architecture(
                shape.vocabulary(),
                shape.width(),
                shape.layers(),
                shape.inner(),
                shape.queryWidth(),
                shape.keyWidth(),
                0,
                kind.equals("GemmaMLP"),
                !kind.equals("GptNeoxMLP"),
                bias || values.flag(false, "attn_bias"),
                bias,
                bias,
                (layerNorm ? 2 : 1) * shape.width(),
                norms,
                0,
                headBias);
    }

    private Architecture megatron(Shape shape) {
        boolean bias = values.flag(true, "add_bias_linear") && !values.flag(false, "disable_bias_linear");
        boolean layerNorm = !"RMSNorm".equals(values.text("normalization"));
        String positions = values.text("position_embedding_type");
        boolean learned = positions == null || positions.equals("learned_absolute");
        Double rows = learned ? values.positive("max_position_embeddings") : null;
        return new Architecture(
                shape.vocabulary(),
                shape.width(),
                shape.layers(),
                shape.inner(),
                shape.queryWidth(),
                shape.keyWidth(),
                rows == null ? 0 : rows,
                !values.flag(false, "untie_embeddings_and_output_weights"),
                values.flag(false, "swiglu"),
                bias || values.flag(false, "add_qkv_bias"),
                bias,
                bias,
                (layerNorm ? 2 : 1) * shape.width(),
                2,
                values.flag(false, "qk_layernorm") ? 2 * (layerNorm ? 2 : 1) * shape.head() : 0,
                0);
    }

    private boolean tied(boolean otherwise) {
        return values.flag(otherwise, "tie_word_embeddings");
    }

    private double positions(double more) {
        Double rows = values.positive("n_positions", "max_position_embeddings", "n_ctx");
        return rows == null ? 0 : rows + more;
    }

    /** Sizes that every layout shares. */
    private record Shape(
            double vocabulary,
            double width,
            double layers,
            double inner,
            double queryWidth,
            double keyWidth,
            double head) {

        /** As GPT-2: two matrices, biases and norms with biases everywhere. */
        Architecture biased(double positions, boolean tied, double other) {
            return new Architecture(
                    vocabulary,
                    width,
                    layers,
                    inner,
                    queryWidth,
                    keyWidth,
                    positions,
                    tied,
                    false,
                    true,
                    true,
                    true,
                    2 * width,
                    2,
                    0,
                    other);
        }

        /** As llama: rotary positions, norms without bias. */
        Architecture rotary(
                boolean tied,
                boolean gated,
                boolean queryBias,
                boolean outputBias,
                boolean innerBias,
                double normParams,
                double norms,
                double otherPerLayer) {
            return new Architecture(
                    vocabulary,
                    width,
                    layers,
                    inner,
                    queryWidth,
                    keyWidth,
                    0,
                    tied,
                    gated,
                    queryBias,
                    outputBias,
                    innerBias,
                    normParams,
                    norms,
                    otherPerLayer,
                    0);
        }
    }
}
