package io.straightedge.ingest.metric;

import io.straightedge.ingest.metric.Metric.Role;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of metrics in the logs of Megatron-LM, NeMo, torchtitan, OLMo-core, Lightning, the Hugging Face Trainer,
 * nanoGPT, T5X, Keras and their kin. Only names known to mean cross-entropy count as a loss: auxiliary losses,
 * perplexities, loss scales and means over a whole training ({@code train/train_loss}) do not.
 */
public final class MetricNames {

    /** The split of a validation loss whose name says no more. */
    public static final String VALIDATION = "val";

    private static final Map<String, Metric> KNOWN = new HashMap<>();

    static {
        put(
                Metric.train(Role.LOSS),
                "loss",
                "train/loss",
                "train_loss",
                "train-loss",
                "training_loss",
                "training/loss");
        put(Metric.train(Role.LOSS), "train_loss_step", "train/loss_step", "train/ce_loss", "train/cross_entropy");
        put(Metric.train(Role.LOSS), "lm loss", "lm-loss", "lm_loss", "lm-loss-training/lm loss", "train/lm_loss");
        put(Metric.train(Role.LOSS), "reduced_train_loss", "loss_metrics/global_avg_loss", "train/ce loss");
        put(Metric.train(Role.LOSS), "batch_loss", "cross_ent_loss_per_all_target_tokens");
        put(Metric.loss(VALIDATION), "val_loss", "val/loss", "valid_loss", "validation_loss", "validation/loss");
        put(Metric.loss(VALIDATION), "eval_loss", "eval/loss", "lm loss validation", "validation_metrics/loss");
        put(Metric.loss(VALIDATION), "evaluation_loss_vs_iterations");
        put(Metric.loss(VALIDATION), "lm-loss-validation/lm loss validation", "val/ce_loss", "valid/loss");
        put(Metric.train(Role.LR), "lr", "learning_rate", "learning-rate", "learning rate", "train/learning_rate");
        put(Metric.train(Role.LR), "train/lr", "optim/lr", "optim/learning_rate_group0", "optim/lr (group 0)");
        put(Metric.train(Role.LR), "lr/default/lr", "learning-rate/learning-rate", "optim/learning_rate");
        put(Metric.train(Role.GRAD_NORM), "grad_norm", "grad-norm", "grad norm", "gradient_norm", "train/grad_norm");
        put(Metric.train(Role.GRAD_NORM), "optim/total grad norm", "optim/total_grad_norm", "grad-norm/grad-norm");
        put(Metric.train(Role.TOKENS), "n_tokens_seen", "tokens", "tokens_seen", "total_tokens", "train/tokens");
        put(Metric.train(Role.TOKENS), "throughput/total tokens", "throughput/total_tokens", "num_tokens");
        put(Metric.train(Role.TOKENS), "num_input_tokens_seen", "train/num_input_tokens_seen", "consumed tokens");
        put(Metric.train(Role.SAMPLES), "consumed_samples", "consumed samples", "consumed-samples");
        put(Metric.train(Role.NAN_ITERATIONS), "number of nan iterations", "nan_iterations", "nan-iterations");
        put(Metric.train(Role.STEP), "step", "_step", "global_step", "trainer/global_step", "iteration", "iter");
        put(Metric.train(Role.STEP), "train/global_step", "current_steps", "training.step");
        put(Metric.train(Role.LOSS), "megatron.training.loss", "training.loss", "train.loss");
        put(Metric.train(Role.LR), "megatron.training.learning_rate", "training.learning_rate", "train.learning_rate");
        put(Metric.train(Role.GRAD_NORM), "megatron.training.grad_norm", "training.grad_norm", "train.grad_norm");
    }

    /** Lightning's LearningRateMonitor: {@code lr-AdamW}, {@code lr-AdamW/pg1} is another group. */
    private static final Pattern LIGHTNING_LR = Pattern.compile("lr-[a-z0-9_]+");

    /** A validation loss on a named set: {@code eval_c4_loss}, {@code eval/lm/c4_en-validation/CE loss}. */
    private static final Pattern NAMED_VALIDATION =
            Pattern.compile("(?:eval|val|valid|validation)[_/](?:lm/)?(.+?)[_/](?:ce )?loss");

    private MetricNames() {}

    /** What the name means, nested with slashes or dots; null when it is none of what is looked for. */
    public static @Nullable Metric of(String name) {
        String lower = lower(name);
        Metric metric = known(lower);
        return metric == null && lower.indexOf('.') >= 0 ? known(lower.replace('.', '/')) : metric;
    }

    private static @Nullable Metric known(String lower) {
        Metric known = KNOWN.get(lower);
        if (known != null) {
            return known;
        }
        if (LIGHTNING_LR.matcher(lower).matches()) {
            return Metric.train(Role.LR);
        }
        Matcher named = NAMED_VALIDATION.matcher(lower);
        return named.matches() ? Metric.loss(VALIDATION + "/" + named.group(1)) : null;
    }

    private static String lower(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static void put(Metric metric, String... names) {
        for (String name : names) {
            KNOWN.put(name, metric);
        }
    }
}
