package io.straightedge.ingest.manifest;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The learning-rate schedule, from the arguments of Hugging Face's Trainer, Megatron-LM, nanoGPT, torchtitan and llm.c, and
 * from LossCast's recipes.
 *
 * <p>A schedule whose shape depends on something that is not said has no answer: it is inferred from the rates seen.
 */
final class Schedules {

    private static final String KWARGS = "lr_scheduler_kwargs";

    private final Values values;
    private final @Nullable Long steps;

    /** @param steps the planned end; null when unknown */
    Schedules(Values values, @Nullable Long steps) {
        this.values = values;
        this.steps = steps;
    }

    /** The schedule; null when the configuration does not tell it. */
    @Nullable
    Derived<Schedule> schedule() {
        try {
            if (values.name("lr_scheduler_type") != null) {
                return transformers();
            }
            if (values.name("lr_decay_style") != null) {
                return megatron();
            }
            if (values.name("lr_decay_iters") != null && values.name("warmup_iters") != null) {
                return nanoGpt();
            }
            if (values.name("LR scheduler") != null || values.name("lr_schedule") != null) {
                return other();
            }
            return values.name("lr_scheduler.warmup_steps") != null ? torchtitan() : null;
        } catch (IllegalArgumentException e) {
            // Arguments that make no schedule, as a warm-up longer than the decay: none is better than a wrong one.
            return null;
        }
    }

    private @Nullable Derived<Schedule> transformers() {
        String type = String.valueOf(values.text("lr_scheduler_type")).toLowerCase(Locale.ROOT);
        type = type.substring(type.lastIndexOf('.') + 1);
        Long warmup = transformersWarmup();
        Double peak = values.positive("learning_rate");
        if (warmup == null && !type.equals("constant")) {
            return null;
        }
        Schedule found = switch (type) {
            case "constant" -> Schedule.of(ScheduleKind.CONSTANT, 0L, peak);
            case "constant_with_warmup" -> Schedule.of(ScheduleKind.CONSTANT, warmup, peak);
            case "linear" -> Schedule.of(ScheduleKind.LINEAR, warmup, peak);
            case "cosine" -> halfCosine() ? Schedule.of(ScheduleKind.COSINE, warmup, peak) : null;
            case "cosine_with_min_lr", "cosine_warmup_with_min_lr" -> cosineWithMinimum(warmup, peak);
            case "cosine_with_restarts" -> restarts(warmup, peak);
            case "polynomial" -> polynomial(warmup, peak);
            case "inverse_sqrt" -> inverseSqrt(warmup, peak);
            case "warmup_stable_decay" -> stableDecay(warmup, peak);
            default -> null;
        };
        return found == null
                ? null
                : Derived.from(
                        found,
                        values.name("lr_scheduler_type"),
                        values.name("learning_rate"),
                        values.name("warmup_steps"),
                        values.name("warmup_ratio"),
                        values.name(KWARGS),
                        values.name("max_steps"));
    }

    /** {@code warmup_steps} wins over {@code warmup_ratio}, of which the planned steps have to be known. */
    private @Nullable Long transformersWarmup() {
        Double said = values.number("warmup_steps");
        if (said != null && said >= 1) {
            return said.longValue();
        }
        Double ratio = said != null && said > 0 ? said : values.number("warmup_ratio");
        if (ratio == null || ratio == 0) {
            return 0L;
        }
        return steps == null ? null : Long.valueOf((long) Math.ceil(steps * ratio));
    }

    private boolean halfCosine() {
        Double cycles = values.within(KWARGS, "num_cycles");
        return cycles == null || cycles == 0.5;
    }

    private @Nullable Schedule cosineWithMinimum(@Nullable Long warmup, @Nullable Double peak) {
        Double lowest = values.within(KWARGS, "min_lr");
        Double rate = values.within(KWARGS, "min_lr_rate");
        lowest = lowest == null && rate != null && peak != null ? Double.valueOf(rate * peak) : lowest;
        return lowest == null || !halfCosine()
                ? null
                : new Schedule(ScheduleKind.COSINE, warmup, peak, lowest, null, null, List.of());
    }

    private Schedule restarts(@Nullable Long warmup, @Nullable Double peak) {
        Double cycles = values.within(KWARGS, "num_cycles");
        return new Schedule(
                ScheduleKind.COSINE_WITH_RESTARTS,
                warmup,
                peak,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                cycles == null ? 1 : cycles.intValue(),
                null);
    }

    private Schedule polynomial(@Nullable Long warmup, @Nullable Double peak) {
        Double end = values.within(KWARGS, "lr_end");
        Double power = values.within(KWARGS, "power");
        return new Schedule(
                ScheduleKind.POLYNOMIAL,
                warmup,
                peak,
                end == null ? 1e-7 : end,
                null,
                null,
                List.of(),
                null,
                null,
                power,
                null,
                null);
    }

    /** Without a warm-up the rate falls as if there had been 10,000 steps before, which no schedule here says. */
    private @Nullable Schedule inverseSqrt(@Nullable Long warmup, @Nullable Double peak) {
        return warmup == null || warmup == 0 || values.within(KWARGS, "timescale") != null
                ? null
                : Schedule.of(ScheduleKind.INVERSE_SQRT, warmup, peak);
    }

    private @Nullable Schedule stableDecay(@Nullable Long warmup, @Nullable Double peak) {
        Double decay = values.within(KWARGS, "num_decay_steps");
        Double stable = values.within(KWARGS, "num_stable_steps");
        Double lowest = values.within(KWARGS, "min_lr_ratio");
        String shape = values.wordWithin(KWARGS, "decay_type");
        Long start = stable != null && warmup != null
                ? Long.valueOf(warmup + stable.longValue())
                : decay != null && steps != null ? Long.valueOf(steps - decay.longValue()) : null;
        if (start == null || start < 0) {
            return null;
        }
        return new Schedule(
                ScheduleKind.WSD,
                warmup,
                peak,
                lowest == null || peak == null ? null : Double.valueOf(lowest * peak),
                start,
                DecayShape.of(shape == null ? "cosine" : shape),
                List.of(),
                null,
                decay == null ? null : Long.valueOf(start + decay.longValue()),
                null,
                null,
                null);
    }

    private @Nullable Derived<Schedule> megatron() {
        String style = String.valueOf(values.text("lr_decay_style")).toLowerCase(Locale.ROOT);
        ScheduleKind kind = switch (style) {
            case "constant" -> ScheduleKind.CONSTANT;
            case "linear" -> ScheduleKind.LINEAR;
            case "cosine" -> ScheduleKind.COSINE;
            case "inverse-square-root" -> ScheduleKind.INVERSE_SQRT;
            case "wsd" -> ScheduleKind.WSD;
            default -> null;
        };
        Long end = values.count("lr_decay_iters");
        end = end == null ? values.count("train_iters") : end;
        Double fraction = values.positive("lr_warmup_fraction");
        Long cooldown = values.count("lr_wsd_decay_iters");
        boolean bySamples = values.positive("lr_warmup_samples") != null || values.name("train_samples") != null;
        if (kind == null
                || bySamples
                || (end == null && (fraction != null || kind == ScheduleKind.WSD))
                || (kind == ScheduleKind.WSD && cooldown == null)) {
            return null;
        }
        Long warmup = fraction != null && end != null
                ? Long.valueOf((long) (fraction * end))
                : values.count("lr_warmup_iters");
        Long decayStart =
                kind == ScheduleKind.WSD && end != null && cooldown != null ? Long.valueOf(end - cooldown) : null;
        Schedule found = new Schedule(
                kind,
                warmup,
                values.positive("lr"),
                kind == ScheduleKind.CONSTANT ? null : values.number("min_lr"),
                decayStart,
                decayStart == null ? null : megatronShape(),
                List.of(),
                values.number("lr_warmup_init"),
                kind == ScheduleKind.CONSTANT || kind == ScheduleKind.INVERSE_SQRT ? null : end,
                null,
                null,
                null);
        return Derived.from(
                found,
                values.name("lr_decay_style"),
                values.name("lr"),
                values.name("min_lr"),
                values.name("lr_warmup_iters", "lr_warmup_fraction"),
                values.name("lr_decay_iters", "train_iters"),
                values.name("lr_wsd_decay_iters"));
    }

    private DecayShape megatronShape() {
        String style = values.text("lr_wsd_decay_style");
        return style == null || style.equals("exponential") ? DecayShape.MEGATRON_EXPONENTIAL : DecayShape.of(style);
    }

    private Derived<Schedule> nanoGpt() {
        Double peak = values.positive("learning_rate");
        Schedule found = values.flag(true, "decay_lr")
                ? new Schedule(
                        ScheduleKind.COSINE,
                        values.count("warmup_iters"),
                        peak,
                        values.number("min_lr"),
                        null,
                        null,
                        List.of(),
                        null,
                        values.count("lr_decay_iters"),
                        null,
                        null,
                        null)
                : Schedule.of(ScheduleKind.CONSTANT, 0L, peak);
        return Derived.from(found, "learning_rate", "min_lr", "warmup_iters", "lr_decay_iters");
    }

    private @Nullable Derived<Schedule> other() {
        Recipe recipe = values.name("LR scheduler") != null
                ? new Recipe("LR scheduler", "learning_rate", "warmup iterations", "final LR fraction")
                : new Recipe("lr_schedule", "optimizer.lr", "warmup_steps", "final_lr_ratio");
        Double peak = values.positive(recipe.peak());
        Double warmup = values.number(recipe.warmup());
        Double lowest = values.number(recipe.lowest());
        Double cooldown = values.number("cooldown_steps");
        if (peak == null || warmup == null || lowest == null || (cooldown != null && cooldown > 0)) {
            return null;
        }
        String kind = String.valueOf(values.text(recipe.kind())).toLowerCase(Locale.ROOT);
        Double decay = kind.equals("wsd") ? Double.valueOf(0.2) : values.positive("warmdown_ratio");
        Schedule found = switch (kind) {
            case "constant" -> Schedule.of(ScheduleKind.CONSTANT, warmup.longValue(), peak);
            case "linear", "cosine" ->
                new Schedule(
                        kind.equals("cosine") ? ScheduleKind.COSINE : ScheduleKind.LINEAR,
                        warmup.longValue(),
                        peak,
                        lowest * peak,
                        null,
                        null,
                        List.of());
            case "wsd", "warmup_stable_warmdown" ->
                steps == null || decay == null
                        ? null
                        : new Schedule(
                                ScheduleKind.WSD,
                                warmup.longValue(),
                                peak,
                                lowest * peak,
                                Math.max(warmup.longValue(), Math.round(steps * (1 - decay))),
                                kind.equals("wsd") ? DecayShape.ONE_MINUS_SQRT : DecayShape.LINEAR,
                                List.of());
            default -> null;
        };
        return found == null
                ? null
                : Derived.from(
                        found,
                        values.name(recipe.kind()),
                        values.name(recipe.peak()),
                        values.name(recipe.warmup()),
                        values.name(recipe.lowest()),
                        values.name("warmdown_ratio"));
    }

    /** Under which names llm.c and LossCast say the parts of a schedule. */
    private record Recipe(String kind, String peak, String warmup, String lowest) {}

    private @Nullable Derived<Schedule> torchtitan() {
        Double peak = values.positive("optimizer.lr");
        Long warmup = values.count("lr_scheduler.warmup_steps");
        Double ratio = values.number("lr_scheduler.decay_ratio");
        Double lowest = values.number("lr_scheduler.min_lr_factor", "lr_scheduler.lr_min");
        if (steps == null || warmup == null) {
            return null;
        }
        long start = ratio == null ? warmup : steps - Math.round(steps * ratio);
        String shape = values.text("lr_scheduler.decay_type");
        Schedule found = new Schedule(
                ScheduleKind.WSD,
                warmup,
                peak,
                lowest == null || peak == null ? null : Double.valueOf(lowest * peak),
                Math.max(start, warmup),
                DecayShape.of(shape == null ? "linear" : shape),
                List.of());
        return Derived.from(
                found,
                "optimizer.lr",
                "lr_scheduler.warmup_steps",
                values.name("lr_scheduler.decay_ratio"),
                values.name("lr_scheduler.decay_type"),
                values.name("training.steps"));
    }
}
