package io.straightedge.ingest.wandb;

import io.straightedge.ingest.files.CsvLines;
import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.MetricNames;
import io.straightedge.ingest.metric.StepRow;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Numbers;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the export of a chart: a column for the steps, then for each run {@code RUN - METRIC} with its {@code __MIN} and
 * {@code __MAX}. Runs go by their names; an empty cell says nothing of its run. The steps are what the chart's axis
 * counts, whatever that is.
 */
final class ChartReader implements SourceReader {

    private static final String SEPARATOR = " - ";

    private final Map<String, String> options;
    private final CsvLines lines;
    private final List<Item> found = new ArrayList<>();
    private @Nullable List<Column> columns;
    private int width;

    private record Column(int index, String name, Metric metric, StepRow row) {}

    ChartReader(SourceOptions options) {
        this.options = options.columns();
        lines = new CsvLines(',', position -> unreadable(position, "a line of more than 1 MiB: it is left out", ""));
    }

    /** Whether a header is that of a chart. */
    static boolean isChart(List<String> header) {
        return header.size() > 1
                && isStep(header.get(0))
                && header.stream().skip(1).anyMatch(name -> name.endsWith("__MIN"))
                && header.stream().skip(1).allMatch(name -> name.contains(SEPARATOR));
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        lines.read(bytes, row -> row(row, items));
        give(items);
    }

    @Override
    public void pause(Consumer<? super Item> items) {}

    @Override
    public void end(Consumer<? super Item> items) {
        lines.end(row -> row(row, items));
        give(items);
    }

    @Override
    public @Nullable String incomplete() {
        return lines.incomplete();
    }

    private static boolean isStep(String name) {
        Metric metric = MetricNames.of(name);
        return metric != null && metric.role() == Role.STEP;
    }

    private void row(List<String> cells, Consumer<? super Item> items) {
        if (columns == null) {
            columns = columns(cells);
            width = cells.size();
        } else if (cells.size() != width) {
            unreadable(lines.rowBegin(), cells.size() + " cells, not " + width + " as in the header", "");
        } else {
            Double number = Numbers.parse(cells.get(0));
            Long step = number == null ? null : Numbers.step(number);
            if (step == null) {
                unreadable(lines.rowBegin(), "the step is no whole number of 0 or more", cells.get(0));
            } else {
                columns.forEach(column -> cell(column, step, cells.get(column.index())));
                columns.forEach(column -> column.row().flush(found::add));
            }
        }
        give(items);
    }

    private void cell(Column column, long step, String text) {
        if (!text.isBlank()) {
            Double value = Numbers.parse(text);
            if (value == null) {
                unreadable(lines.rowBegin(), column.name() + " is no number", text);
            } else {
                column.row().add(column.metric(), step, value, null, found::add);
            }
        }
    }

    private List<Column> columns(List<String> header) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        Map<String, StepRow> rows = new LinkedHashMap<>();
        List<Column> read = new ArrayList<>();
        for (int i = 1; i < header.size(); i++) {
            String name = header.get(i);
            int separator = name.lastIndexOf(SEPARATOR);
            if (separator > 0 && !name.endsWith("__MIN") && !name.endsWith("__MAX")) {
                String run = name.substring(0, separator);
                Metric metric = wanted.computeIfAbsent(run, unseen -> new Wanted(options))
                        .of(name.substring(separator + SEPARATOR.length()));
                if (metric != null && metric.role() != Role.STEP) {
                    StepRow row = rows.computeIfAbsent(run, StepRow::new);
                    read.add(new Column(i, name, metric, row));
                }
            }
        }
        return read;
    }

    private void give(Consumer<? super Item> items) {
        found.forEach(items);
        found.clear();
    }

    private void unreadable(long position, String reason, String text) {
        found.add(new Item.Unreadable(null, position, reason, text, false));
    }
}
