package io.straightedge.ingest.files;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.MetricNames;
import io.straightedge.ingest.metric.StepRow;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Numbers;
import io.straightedge.ingest.source.RunSplit;
import io.straightedge.ingest.source.SourceOptions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes losses of a table's rows. Rows of the same run and step that follow one another are one: a logger may write the
 * learning rate, the train loss and the validation loss of a step in rows of their own. Runs are told apart by a column,
 * else by their steps. Not thread-safe.
 */
final class Rows {

    private static final int MOST_RUNS = 10_000;
    private static final int LONGEST_NAME = 200;

    /** A row with it sums up a whole training: its loss is a mean that belongs to no step. */
    private static final String SUMMARY = "train_runtime";

    /** How programs write that there is no value, beside leaving it blank. */
    private static final Set<String> ABSENT = Set.of("None", "null", "NULL", "N/A");

    private final Column.Names columns;
    private final Map<String, OneRun> named = new HashMap<>();
    private final RunSplit split = new RunSplit();
    private @Nullable OneRun current;
    private @Nullable String leader;

    Rows(SourceOptions options) {
        columns = new Column.Names(options);
    }

    /** What the column of that name is. */
    Column column(String name) {
        return columns.of(name);
    }

    /** The header came again: what follows may be another run. */
    void header() {
        split.header();
    }

    /**
     * Takes a row.
     *
     * @param values by column name; blank ones are as good as absent
     * @param position of the row in the file
     */
    void read(Map<String, String> values, long position, Consumer<? super Item> items) {
        if (values.containsKey(SUMMARY) && !values.getOrDefault(SUMMARY, "").isBlank()) {
            return;
        }
        Row row = new Row();
        values.forEach((name, value) -> {
            if (!value.isBlank() && !ABSENT.contains(value.strip())) {
                row.put(columns.of(name), value.strip());
            }
        });
        if (row.broken != null) {
            items.accept(new Item.Unreadable(
                    current == null ? null : current.name, position, "a value that is no number", row.broken, false));
        } else if (row.step != null && !row.numbers.isEmpty()) {
            OneRun run = run(row, row.step, items);
            if (run != null) {
                run.add(row, row.step, items);
            }
        }
    }

    /** Gives the losses that wait. */
    void flush(Consumer<? super Item> items) {
        if (current != null) {
            current.row.flush(items);
        }
    }

    private @Nullable OneRun run(Row row, long step, Consumer<? super Item> items) {
        OneRun next = current;
        if (row.run != null) {
            next = named.get(row.run);
            if (next == null && named.size() < MOST_RUNS) {
                next = new OneRun(row.run);
                named.put(row.run, next);
            }
        } else if ((leads(row) && split.next(step)) || current == null) {
            next = new OneRun(split.name());
        }
        if (next != current) {
            flush(items);
            current = next;
        }
        return next;
    }

    /** Whether the row's step tells of its run: tables may hold one split's rows after all of another's. */
    private boolean leads(Row row) {
        leader = leader == null && row.split != null ? row.split : leader;
        return row.split == null || row.split.equals(leader);
    }

    /** One run's row that waits, and its configuration so far. */
    private static final class OneRun {

        private final @Nullable String name;
        private final StepRow row;
        private Map<String, String> settings = Map.of();

        OneRun(@Nullable String name) {
            this.name = name;
            row = new StepRow(name);
        }

        void add(Row added, long step, Consumer<? super Item> items) {
            if (!settings.entrySet().containsAll(added.settings.entrySet())) {
                Map<String, String> changed = new LinkedHashMap<>(settings);
                changed.putAll(added.settings);
                settings = changed;
                items.accept(new Item.Config(name, settings));
            }
            added.numbers.forEach((metric, value) -> {
                boolean unset = metric.role() == Role.TOKENS && value == 0 && step > 0;
                if (!unset) {
                    row.add(added.ofSplit(metric), step, value, added.time, items);
                }
            });
        }
    }

    /** What one row says. */
    private static final class Row {

        private final Map<Metric, Double> numbers = new LinkedHashMap<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Long step;
        private @Nullable String run;
        private @Nullable String split;
        private @Nullable Instant time;
        private @Nullable String broken;

        void put(Column column, String value) {
            switch (column.kind()) {
                case METRIC -> number(Objects.requireNonNull(column.metric()), value);
                case RUN -> run = value.substring(0, Math.min(LONGEST_NAME, value.length()));
                case SPLIT -> split = split(value);
                case TIME -> time = time(value);
                case SETTING -> setting(Objects.requireNonNull(column.setting()), value);
                case OTHER -> {}
            }
        }

        /** The metric, of the split that the row names. */
        Metric ofSplit(Metric metric) {
            boolean plain = metric.role() == Role.LOSS && metric.split().equals("train");
            return plain && split != null ? new Metric(Role.LOSS, split) : metric;
        }

        private void number(Metric metric, String value) {
            Double number = Numbers.parse(value);
            if (number == null) {
                broken = value;
            } else if (metric.role() == Role.STEP) {
                step = Numbers.step(number);
                broken = step == null ? value : broken;
            } else {
                numbers.put(metric, number);
            }
        }

        /** A size that is none is left out rather than refused: the row's loss is good without it. */
        private void setting(String name, String value) {
            Double number = Numbers.parse(value);
            boolean size = number != null && number > 0 && Double.isFinite(number);
            if (size || !Column.SIZES.contains(name)) {
                settings.put(name, value);
            }
        }

        private static String split(String value) {
            String lower = value.toLowerCase(Locale.ROOT);
            return switch (lower) {
                case "valid", "validation", "eval" -> MetricNames.VALIDATION;
                case "training" -> "train";
                default -> value.substring(0, Math.min(LONGEST_NAME, value.length()));
            };
        }

        private static @Nullable Instant time(String value) {
            Double seconds = Numbers.parse(value);
            if (seconds != null) {
                return Numbers.time(seconds);
            }
            try {
                return OffsetDateTime.parse(value.replace(' ', 'T')).toInstant();
            } catch (DateTimeException e) {
                return null;
            }
        }
    }
}
