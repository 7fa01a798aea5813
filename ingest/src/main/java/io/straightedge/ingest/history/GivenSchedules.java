package io.straightedge.ingest.history;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Plans told beside the curves, for files without a learning rate: a CSV whose first line that matches a run is its plan.
 *
 * <p>Columns: {@code run}, a name with {@code *} and {@code ?} that must match the run, its family, or family/run;
 * {@code kind}; and, when they are there, {@code warmup}, {@code decay} (where the cooldown begins), {@code final}
 * (over the peak), {@code shape} of the cooldown, {@code peak} and {@code steps} as planned. Warm-up and decay are
 * steps, or parts of the planned steps when they are below 1 or end in %.
 */
public final class GivenSchedules {

    /** No plan at all. */
    public static final GivenSchedules NONE = new GivenSchedules(List.of());

    private final List<Entry> entries;

    private GivenSchedules(List<Entry> entries) {
        this.entries = entries;
    }

    /** A length in steps, or a part of the plan. */
    private record Length(double value, boolean part) {
        long steps(long plannedSteps) {
            return Math.round(part ? value * plannedSteps : value);
        }
    }

    private record Entry(
            Pattern name,
            ScheduleKind kind,
            @Nullable Length warmup,
            @Nullable Length decayStart,
            @Nullable Double finalRatio,
            @Nullable DecayShape shape,
            @Nullable Double peak,
            @Nullable Long plannedSteps) {}

    /** A plan for one run. */
    record Plan(Schedule schedule, long plannedSteps) {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when a line cannot be used
     */
    public static GivenSchedules read(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        new Csv(file).lines(List.of("run", "kind"), line -> entries.add(entry(line)));
        return new GivenSchedules(entries);
    }

    /** The plan of a run that took {@code lastStep} steps; null when no line matches. */
    @Nullable
    Plan plan(String family, String run, long lastStep) {
        for (Entry entry : entries) {
            boolean matches = entry.name.matcher(run).matches()
                    || entry.name.matcher(family).matches()
                    || entry.name.matcher(family + "/" + run).matches();
            if (matches) {
                long steps = entry.plannedSteps == null ? Math.max(1, lastStep) : entry.plannedSteps;
                Schedule schedule = new Schedule(
                        entry.kind,
                        entry.warmup == null ? null : entry.warmup.steps(steps),
                        entry.peak,
                        entry.kind == ScheduleKind.CONSTANT ? null : last(entry),
                        entry.decayStart == null ? null : entry.decayStart.steps(steps),
                        entry.shape,
                        List.of());
                return new Plan(schedule, steps);
            }
        }
        return null;
    }

    private static @Nullable Double last(Entry entry) {
        return entry.finalRatio == null
                ? null
                : Double.valueOf(entry.finalRatio * (entry.peak == null ? 1 : entry.peak));
    }

    private static Entry entry(Csv.Line line) {
        ScheduleKind kind = constant(line, "kind", ScheduleKind.values());
        if (kind == ScheduleKind.POINTS || kind == ScheduleKind.MULTISTEP) {
            throw new IllegalArgumentException(
                    line.where() + "kind " + line.text("kind") + " needs an lr column in the file of curves");
        }
        if (kind == ScheduleKind.WSD && line.text("decay") == null) {
            throw new IllegalArgumentException(line.where() + "decay is empty: kind wsd needs it");
        }
        String shape = line.text("shape");
        Double planned = line.number("steps");
        return new Entry(
                glob(line.needed("run")),
                kind,
                length(line, "warmup"),
                length(line, "decay"),
                line.number("final"),
                shape == null ? null : constant(line, "shape", DecayShape.values()),
                line.number("peak"),
                planned == null ? null : (Long) line.count("steps"));
    }

    private static @Nullable Length length(Csv.Line line, String column) {
        String cell = line.text(column);
        if (cell == null) {
            return null;
        }
        boolean percent = cell.endsWith("%");
        try {
            double value = Double.parseDouble(percent ? cell.substring(0, cell.length() - 1) : cell);
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new NumberFormatException();
            }
            return new Length(percent ? value / 100 : value, percent || value < 1);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    line.where() + column + " is " + cell + ": write steps, or a part such as 0.8 or 80%");
        }
    }

    private static <E extends Enum<E>> E constant(Csv.Line line, String column, E[] values) {
        String cell = line.needed(column);
        String name = cell.toUpperCase(Locale.ROOT).replace('-', '_');
        for (E value : values) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        List<String> known = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        throw new IllegalArgumentException(line.where() + column + " is " + cell + ": it must be one of " + known);
    }

    private static Pattern glob(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(pattern.toString());
    }
}
