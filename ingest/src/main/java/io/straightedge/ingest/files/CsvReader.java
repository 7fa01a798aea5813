package io.straightedge.ingest.files;

import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a CSV file with a header that names a column of steps and one of losses at least. */
final class CsvReader implements SourceReader {

    private static final String EPOCH_MEAN = "train_loss_epoch";

    private final SourceOptions options;
    private final CsvLines lines = new CsvLines(',', this::tooLong);
    private Rows rows = new Rows(SourceOptions.NONE);
    private @Nullable List<String> header;
    private boolean unusable;
    private long tooLongAt = -1;

    CsvReader(SourceOptions options) {
        this.options = options;
    }

    /** The options for a header: a mean over an epoch is the train loss where there is no other. */
    static SourceOptions options(SourceOptions given, List<String> header) {
        Rows rows = new Rows(given);
        boolean train = header.stream().map(rows::column).anyMatch(column -> isTrainLoss(column));
        if (train || given.columns().containsKey("loss") || !header.contains(EPOCH_MEAN)) {
            return given;
        }
        Map<String, String> columns = new LinkedHashMap<>(given.columns());
        columns.put("loss", EPOCH_MEAN);
        return new SourceOptions(columns, given.line());
    }

    /** What the header lacks, in words for people; null when it has all. */
    static @Nullable String lacks(Rows rows, List<String> header) {
        if (header.stream().map(rows::column).noneMatch(column -> isMetric(column, Role.STEP))) {
            return "the header has no column of steps by a known name: say which one it is";
        }
        if (header.stream().map(rows::column).noneMatch(column -> isMetric(column, Role.LOSS))) {
            return "the header has no column of losses by a known name: say which one it is";
        }
        return null;
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        lines.read(bytes, cells -> row(cells, items));
        reportTooLong(items);
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

    private static boolean isMetric(Column column, Role role) {
        return column.metric() != null && column.metric().role() == role;
    }

    private static boolean isTrainLoss(Column column) {
        return isMetric(column, Role.LOSS)
                && column.metric() != null
                && column.metric().split().equals("train");
    }

    private void row(List<String> cells, Consumer<? super Item> items) {
        if (header == null) {
            header(cells, items);
        } else if (cells.equals(header)) {
            rows.header();
        } else if (cells.size() != header.size() && !unusable) {
            unreadable(
                    "a row of " + cells.size() + " cells under a header of " + header.size(),
                    String.join(",", cells),
                    false,
                    items);
        } else if (!unusable) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                values.putIfAbsent(header.get(i), cells.get(i));
            }
            rows.read(values, lines.rowBegin(), items);
        }
    }

    private void header(List<String> cells, Consumer<? super Item> items) {
        header = List.copyOf(cells);
        rows = new Rows(options(options, header));
        String lacks = lacks(rows, header);
        unusable = lacks != null;
        if (lacks != null) {
            unreadable(lacks, String.join(",", cells), true, items);
        }
    }

    private void unreadable(String reason, String text, boolean fatal, Consumer<? super Item> items) {
        items.accept(new Item.Unreadable(null, lines.rowBegin(), reason, text, fatal));
    }

    private void tooLong(long position) {
        tooLongAt = position;
    }

    private void reportTooLong(Consumer<? super Item> items) {
        if (tooLongAt >= 0) {
            String reason = "a row of more than " + CsvLines.LONGEST_BYTES + " bytes";
            items.accept(new Item.Unreadable(null, tooLongAt, reason, "", false));
            tooLongAt = -1;
        }
    }
}
