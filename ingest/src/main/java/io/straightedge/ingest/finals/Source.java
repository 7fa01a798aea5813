package io.straightedge.ingest.finals;

import java.util.List;
import java.util.function.Predicate;

/** A table with its columns known, and those of its lines that are still in play. */
record Source(Table table, ColumnMap columns, List<Table.Line> lines) {

    String cell(Table.Line line, Column column) {
        return columns.cell(line, column);
    }

    /** Whether the column is there and any line in play has something in it. */
    boolean knows(Column column) {
        return columns.has(column)
                && lines.stream().anyMatch(line -> !cell(line, column).isEmpty());
    }

    Source keep(Predicate<Table.Line> wanted) {
        return with(lines.stream().filter(wanted).toList());
    }

    Source with(List<Table.Line> kept) {
        return new Source(table, columns, kept);
    }

    /** What names a run within the table: its family and its own name; the line where runs have no name. */
    List<String> runKey(Table.Line line) {
        String run = cell(line, Column.RUN);
        return List.of(cell(line, Column.FAMILY), run.isEmpty() ? "line " + line.number() : run);
    }
}
