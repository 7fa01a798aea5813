package io.straightedge.ingest.finals;

/** Cells as numbers, and what is said of those that are none. */
final class Cells {

    private Cells() {}

    /** NaN where the cell is no number. */
    static double number(String cell) {
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** A refusal that names file, line, column and value. */
    static IllegalArgumentException bad(Source source, Table.Line line, Column column, String need) {
        String cell = source.cell(line, column);
        String header = source.columns().has(column) ? source.columns().header(column) : column.label();
        String named = header.equals(column.label()) ? header : header + " (" + column.label() + ")";
        return new IllegalArgumentException(source.table().file() + ", line " + line.number() + ", column " + named
                + ": " + (cell.isEmpty() ? "empty" : "\"" + cell + "\"") + "; " + need);
    }
}
