package io.straightedge.ingest.metric;

import io.straightedge.ingest.source.Item;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the numbers of one step that come one by one into observations: a loss waits for its learning rate, gradient
 * norm and tokens until a number of another step comes, or nothing comes for a while ({@link #flush}). Losses are given
 * in the order in which they came. Not thread-safe.
 *
 * <p>Of a number that comes twice for the same step the first stays. What comes for a step after its losses have been
 * given is dropped, unless it is a loss.
 */
public final class StepRow {

    private final @Nullable String run;
    private final Map<String, Double> losses = new LinkedHashMap<>();

    /** Splits whose loss has been given for this step: a second one is dropped, whether or not a flush came between. */
    private final Set<String> given = new HashSet<>();

    private long step = Long.MIN_VALUE;
    private @Nullable Instant time;
    private @Nullable Double lr;
    private @Nullable Double gradNorm;
    private @Nullable Double tokens;
    private @Nullable Long nanIterations;
    private @Nullable Double samples;

    /** For the run of that name within its file; null for a file's only run. */
    public StepRow(@Nullable String run) {
        this.run = run;
    }

    /** Adds a number; first gives the row so far, when it was of another step. */
    public void add(Metric metric, long atStep, double value, @Nullable Instant at, Consumer<? super Item> items) {
        if (atStep != step) {
            flush(items);
            clear();
            step = atStep;
        }
        time = time == null ? at : time;
        switch (metric.role()) {
            case LOSS -> {
                if (!given.contains(metric.split())) {
                    losses.putIfAbsent(metric.split(), value);
                }
            }
            case LR -> lr = lr == null ? Double.valueOf(value) : lr;
            case GRAD_NORM -> gradNorm = gradNorm == null ? Double.valueOf(value) : gradNorm;
            case TOKENS ->
                tokens = tokens == null && value >= 0 && Double.isFinite(value) ? Double.valueOf(value) : tokens;
            case SAMPLES -> samples = samples == null ? Double.valueOf(value) : samples;
            case NAN_ITERATIONS -> nanIterations = Double.isFinite(value) ? Long.valueOf((long) value) : nanIterations;
            case STEP -> {}
        }
    }

    /** Gives the losses that wait. */
    public void flush(Consumer<? super Item> items) {
        losses.forEach((split, loss) -> items.accept(
                new Item.Point(run, split, step, tokens, samples, loss, lr, gradNorm, nanIterations, time)));
        given.addAll(losses.keySet());
        losses.clear();
    }

    /** Whether losses wait. */
    public boolean waiting() {
        return !losses.isEmpty();
    }

    private void clear() {
        given.clear();
        time = null;
        lr = null;
        gradNorm = null;
        tokens = null;
        samples = null;
        nanIterations = null;
    }
}
