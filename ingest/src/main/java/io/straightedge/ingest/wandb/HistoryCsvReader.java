package io.straightedge.ingest.wandb;

import io.straightedge.ingest.files.CsvLines;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Numbers;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a history that was exported as CSV: {@code _step}, perhaps {@code _timestamp}, a column for each metric, and one
 * with the run's name where there are several.
 */
final class HistoryCsvReader implements SourceReader {

    private static final List<String> RUN_COLUMNS = List.of("run", "name", "_runid", "run_id");

    private final HistoryRows rows;
    private final CsvLines lines;
    private @Nullable List<String> header;
    private int runColumn = -1;

    /** Where a row began that was too long; -1 when there is none to tell of. */
    private long tooLong = -1;

    HistoryCsvReader(SourceOptions options) {
        rows = new HistoryRows(options);
        lines = new CsvLines(',', position -> tooLong = position);
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), 1 << 16));
            bytes.position(bytes.position() + part.remaining());
            lines.read(part, cells -> row(cells, items));
            if (tooLong >= 0) {
                unreadable(tooLong, "a line of more than 1 MiB: it is left out", "", items);
                tooLong = -1;
            }
        }
    }

    @Override
    public void pause(Consumer<? super Item> items) {
        rows.flush(items);
    }

    @Override
    public void end(Consumer<? super Item> items) {
        lines.end(cells -> row(cells, items));
        rows.flush(items);
    }

    @Override
    public @Nullable String incomplete() {
        return lines.incomplete();
    }

    private void row(List<String> cells, Consumer<? super Item> items) {
        List<String> names = header;
        if (names == null) {
            header = List.copyOf(cells);
            runColumn = runColumn(cells);
            return;
        }
        if (cells.size() != names.size()) {
            unreadable(
                    lines.rowBegin(),
                    cells.size() + " cells, not " + names.size() + " as in the header",
                    String.join(",", cells),
                    items);
            return;
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (!cell.isBlank() && rows.reads(names.get(i))) {
                Double number = Numbers.parse(cell);
                if (number != null) {
                    numbers.putIfAbsent(names.get(i), number);
                } else if (!names.get(i).equals(HistoryRows.TIME)) {
                    unreadable(lines.rowBegin(), names.get(i) + " is no number", cell, items);
                }
            }
        }
        String run = runColumn < 0 ? "" : cells.get(runColumn);
        rows.row(run.isBlank() ? null : run, numbers, lines.rowBegin(), items);
    }

    private static int runColumn(List<String> names) {
        List<String> lower =
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        return RUN_COLUMNS.stream()
                .mapToInt(lower::indexOf)
                .filter(index -> index >= 0)
                .findFirst()
                .orElse(-1);
    }

    private void unreadable(long position, String reason, String text, Consumer<? super Item> items) {
        rows.flush(items);
        items.accept(new Item.Unreadable(null, position, reason, text, false));
    }
}
