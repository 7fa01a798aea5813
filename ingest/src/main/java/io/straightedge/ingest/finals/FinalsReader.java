package io.straightedge.ingest.finals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads final losses from CSV files, plain or gzip.
 *
 * <p>The header names the columns, in any order and under many names ({@code Model Size}, {@code Training FLOP}, {@code
 * N}); {@code params}, {@code loss}, and {@code tokens} or {@code flops} are needed. A number that is missing, not
 * finite or not above zero refuses the file, with file, line, column and value. O(files) memory.
 */
public final class FinalsReader {

    private FinalsReader() {}

    /**
     * All points of the files that the options leave.
     *
     * @throws IllegalArgumentException when a file cannot be used as it is; the text says why, for the person who gave it
     */
    public static Finals read(List<Path> files, FinalsOptions options) throws IOException {
        List<String> notes = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        int read = 0;
        for (Path file : files) {
            Table table = Table.read(file);
            ColumnMap columns = new ColumnMap(table, options.columns());
            read += table.lines().size();
            sources.add(new Source(table, columns, table.lines()).keep(line -> columns.meets(line, options.where())));
        }
        requireLines(sources, "no row meets " + options.where());
        sources = Families.select(sources, options.families(), notes).stream()
                .filter(source -> !source.lines().isEmpty())
                .toList();
        Identity.require(sources);
        return measured(sources, options, read, notes);
    }

    private static Finals measured(List<Source> sources, FinalsOptions options, int read, List<String> notes) {
        double natsPerUnit = Identity.natsPerUnit(sources, notes);
        List<FinalRow> rows = new ArrayList<>();
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        int skipped = 0;
        for (Source source : sources) {
            List<String> said = new ArrayList<>();
            Source finals = LastPoints.of(source, options.checkpoints(), said);
            Measures measures = new Measures(finals, options.tokensFromFlops(), natsPerUnit);
            measures.columns(said)
                    .forEach((column, from) -> columns.computeIfAbsent(column, unseen -> new LinkedHashMap<>())
                            .put(source.table().file(), from));
            for (Table.Line line : finals.lines()) {
                try {
                    rows.add(measures.row(line));
                } catch (IllegalArgumentException e) {
                    if (!options.skipBadRows()) {
                        throw e;
                    }
                    skipped++;
                }
            }
            said.forEach(note ->
                    notes.add(sources.size() == 1 ? note : source.table().file() + ": " + note));
        }
        if (skipped > 0) {
            notes.add(skipped + " rows with unusable numbers left out");
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no usable rows: of " + read + " rows, " + skipped
                    + " have unusable numbers and the others are not chosen");
        }
        List<FinalRow> kept = withoutHighest(rows, options.dropHighestLoss(), notes);
        return new Finals(kept, flat(columns), notes, read, skipped, rows.size() - kept.size());
    }

    /** The rows whose loss is below the K-th largest. */
    private static List<FinalRow> withoutHighest(List<FinalRow> rows, int k, List<String> notes) {
        if (k == 0) {
            return rows;
        }
        if (k > rows.size()) {
            throw new IllegalArgumentException(
                    "--drop-highest-loss " + k + ": there are only " + rows.size() + " points");
        }
        double[] losses = rows.stream().mapToDouble(FinalRow::loss).sorted().toArray();
        double bound = losses[losses.length - k];
        List<FinalRow> kept = rows.stream().filter(row -> row.loss() < bound).toList();
        notes.add((rows.size() - kept.size()) + " points of the highest losses left out: those not below " + bound);
        return kept;
    }

    /** One text a column; where files differ, each with its file. */
    private static Map<String, String> flat(Map<String, Map<String, String>> columns) {
        Map<String, String> flat = new LinkedHashMap<>();
        columns.forEach((column, byFile) -> {
            List<String> texts = byFile.values().stream().distinct().toList();
            List<String> each = new ArrayList<>();
            byFile.forEach((file, from) -> each.add(file + ": " + from));
            flat.put(column, texts.size() == 1 ? texts.get(0) : String.join("; ", each));
        });
        return flat;
    }

    private static void requireLines(List<Source> sources, String refusal) {
        if (sources.stream().allMatch(source -> source.lines().isEmpty())) {
            throw new IllegalArgumentException(refusal);
        }
    }
}
