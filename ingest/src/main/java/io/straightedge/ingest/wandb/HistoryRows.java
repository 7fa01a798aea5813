package io.straightedge.ingest.wandb;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.MetricNames;
import io.straightedge.ingest.metric.StepRow;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.Numbers;
import io.straightedge.ingest.source.SourceOptions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a history, each what one call of {@code log} said, become losses.
 *
 * <p>{@code _step} counts these calls, which need not be the steps of training: where the first row with a loss says the
 * step itself ({@code train/global_step}, {@code trainer/global_step}, {@code iter}), that is the step of its run
 * throughout. A user who says what the step is called is obeyed.
 *
 * <p>Losses are given in the order of the rows: the row of one run is over once a row of another comes. Not thread-safe.
 */
final class HistoryRows {

    static final String STEP = "_step";
    static final String TIME = "_timestamp";

    /** Runs of one file that are read; more in a hostile file would fill the memory. */
    private static final int MOST_RUNS = 10_000;

    private final Map<String, String> columns;
    private final Map<String, Run> runs = new HashMap<>();
    private @Nullable Run current;

    HistoryRows(SourceOptions options) {
        columns = options.columns();
    }

    private static final class Run {

        private final @Nullable String name;
        private final Wanted wanted;
        private final StepRow row;
        private @Nullable String stepName;

        private Run(@Nullable String name, Wanted wanted, @Nullable String stepName) {
            this.name = name;
            this.wanted = wanted;
            this.row = new StepRow(name);
            this.stepName = stepName;
        }
    }

    /** Whether a number of that name can be of use. */
    boolean reads(String name) {
        return name.equals(STEP) || name.equals(TIME) || columns.containsValue(name) || MetricNames.of(name) != null;
    }

    /** Puts the numbers that are of use into {@code numbers}; names of nested ones are joined by dots. */
    void numbers(String name, JsonNode value, Map<String, Double> numbers) {
        if (value.isObject()) {
            value.properties()
                    .forEach(entry -> numbers(
                            name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(), entry.getValue(), numbers));
        } else if (reads(name)) {
            Double number = Json.number(value);
            if (number != null) {
                numbers.putIfAbsent(name, number);
            }
        }
    }

    /** Takes a row. */
    void row(@Nullable String name, Map<String, Double> numbers, long position, Consumer<? super Item> items) {
        Run run = run(name);
        if (run == null) {
            return;
        }
        if (current != run) {
            flush(items);
            current = run;
        }
        Map<Metric, Double> metrics = new LinkedHashMap<>();
        boolean loss = false;
        for (Map.Entry<String, Double> number : numbers.entrySet()) {
            Metric metric = isStep(number.getKey()) ? null : run.wanted.of(number.getKey());
            if (metric != null && metric.role() != Role.STEP) {
                metrics.put(metric, number.getValue());
                loss |= metric.role() == Role.LOSS;
            }
        }
        if (loss && run.stepName == null) {
            run.stepName = stepName(numbers);
        }
        if (metrics.isEmpty() || run.stepName == null) {
            return;
        }
        Double number = numbers.get(run.stepName);
        Long step = number == null ? null : Numbers.step(number);
        if (step == null) {
            if (loss) {
                flush(items);
                items.accept(new Item.Unreadable(
                        run.name,
                        position,
                        "a loss without a step: " + run.stepName + " is " + (number == null ? "missing" : "no step"),
                        number == null ? "" : number.toString(),
                        false));
            }
            return;
        }
        Double seconds = numbers.get(TIME);
        metrics.forEach((metric, value) ->
                run.row.add(metric, step, value, seconds == null ? null : Numbers.time(seconds), items));
    }

    /** Gives the losses that wait. */
    void flush(Consumer<? super Item> items) {
        if (current != null) {
            current.row.flush(items);
        }
    }

    private @Nullable Run run(@Nullable String name) {
        String key = name == null ? "" : name;
        Run run = runs.get(key);
        if (run == null && runs.size() < MOST_RUNS) {
            run = new Run(name, new Wanted(columns), columns.get("step"));
            runs.put(key, run);
        }
        return run;
    }

    private static String stepName(Map<String, Double> numbers) {
        return numbers.keySet().stream()
                .filter(name -> !name.equals(STEP) && isStep(name))
                .findFirst()
                .orElse(STEP);
    }

    private static boolean isStep(String name) {
        Metric metric = MetricNames.of(name);
        return name.equals(STEP) || (metric != null && metric.role() == Role.STEP);
    }
}
