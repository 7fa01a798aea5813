package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * The families of learning-rate schedules.
 *
 * <p>Read under their own names and under those that Megatron-LM, Hugging Face transformers and PyTorch use, whatever the
 * case and whether words are joined by {@code -}, {@code _} or nothing; written under their own names.
 */
public enum ScheduleKind {
    CONSTANT("constant", "constant_with_warmup", "ConstantLR"),
    COSINE(
            "cosine",
            "cosine_with_min_lr",
            "cosine_warmup_with_min_lr",
            "cosine_with_warmup",
            "cosine_annealing",
            "CosineAnnealingLR"),
    LINEAR("linear", "linear_with_warmup", "LinearLR"),
    /** Warm-up, a plateau, then a cooldown. */
    WSD("wsd", "warmup_stable_decay", "trapezoidal"),
    MULTISTEP("multistep", "MultiStepLR", "piecewise_constant"),
    INVERSE_SQRT("inverse-sqrt", "inverse-square-root"),
    /** Given as (step, learning rate) pairs, linear between them. */
    POINTS("points"),
    /** Linear to the power {@code power}. */
    POLYNOMIAL("polynomial", "polynomial_decay", "PolynomialLR"),
    /** The same factor at every step. */
    EXPONENTIAL("exponential", "exponential_decay", "ExponentialLR"),
    /** Half cosines one after the other, each from the peak. */
    COSINE_WITH_RESTARTS("cosine-with-restarts", "CosineAnnealingWarmRestarts", "sgdr"),
    /** Decided while the run goes, so that nobody can plan it: inferred from the learning rates seen. */
    UNKNOWN("unknown", "reduce_lr_on_plateau", "ReduceLROnPlateau", "greedy");

    private final String named;
    /** Separated by spaces, its own name first. */
    private final String names;

    ScheduleKind(String named, String... aliases) {
        this.named = named;
        this.names = named + " " + String.join(" ", aliases);
    }

    /** The name under which it is written. */
    @JsonValue
    public String named() {
        return named;
    }

    /**
     * The kind of a name or alias.
     *
     * @throws IllegalArgumentException which lists the accepted names
     */
    @JsonCreator
    public static ScheduleKind of(String name) {
        for (ScheduleKind kind : values()) {
            if (Names.isOneOf(name, kind.names)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("schedule.kind " + Names.excerpt(name) + " is not known: " + accepted());
    }

    /** The names, for a message. */
    static String accepted() {
        return Names.oneOf(List.of(values()), ScheduleKind::named)
                + ", or what Megatron-LM, transformers or PyTorch call them";
    }
}
