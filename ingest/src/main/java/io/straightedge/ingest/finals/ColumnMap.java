package io.straightedge.ingest.finals;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which column of a table is which. A header mapped by hand wins, then one with the column's own name, then the only one
 * with a known other name; several such are refused, since a wrong guess would not be seen in the result.
 */
final class ColumnMap {

    private static final int ABSENT = -1;

    private final Table table;
    /** Place of each column in the header; absent ones are not in it. */
    private final Map<Column, Integer> places = new EnumMap<>(Column.class);

    /** @param byHand header by column name */
    ColumnMap(Table table, Map<String, String> byHand) {
        this.table = table;
        Map<Column, Integer> given = new EnumMap<>(Column.class);
        byHand.forEach((name, header) -> given.put(Column.named(name), header.isEmpty() ? ABSENT : place(header)));
        for (Column column : Column.values()) {
            Integer place = given.get(column);
            int found = place == null ? guess(column, List.copyOf(given.values())) : place;
            if (found != ABSENT) {
                places.put(column, found);
            }
        }
    }

    private int guess(Column column, List<Integer> taken) {
        List<Integer> known = IntStream.range(0, table.header().size())
                .filter(i -> !taken.contains(i) && column.matches(table.header().get(i)))
                .boxed()
                .toList();
        List<Integer> own =
                known.stream().filter(i -> column.own(table.header().get(i))).toList();
        List<Integer> found = own.isEmpty() ? known : own;
        if (found.size() > 1) {
            List<String> headers = found.stream().map(table.header()::get).toList();
            throw new IllegalArgumentException(table.file() + ": several columns may be " + column.label() + ": "
                    + headers + "; say which: --column \"" + column.label() + "=" + headers.get(0) + "\"");
        }
        return found.isEmpty() ? ABSENT : found.get(0);
    }

    /** The place of a header named by a person: as it stands, else without case and punctuation. */
    private int place(String header) {
        int exact = table.header().indexOf(header);
        if (exact >= 0) {
            return exact;
        }
        return IntStream.range(0, table.header().size())
                .filter(i -> Column.plain(table.header().get(i)).equals(Column.plain(header)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        table.file() + ": there is no column " + header + "; found " + table.header()));
    }

    boolean has(Column column) {
        return places.containsKey(column);
    }

    /** The header of a column that is there. */
    String header(Column column) {
        return table.header().get(places.getOrDefault(column, 0));
    }

    /** The cell; empty where the column is not there. */
    String cell(Table.Line line, Column column) {
        Integer place = places.get(column);
        return place == null ? "" : line.cell(place);
    }

    /** Whether the line meets all conditions; their columns are headers, or the names of mapped columns. */
    boolean meets(Table.Line line, List<Condition> conditions) {
        for (Condition condition : conditions) {
            if (!condition.holds(line.cell(conditionPlace(condition.column())))) {
                return false;
            }
        }
        return true;
    }

    private int conditionPlace(String name) {
        if (!table.header().contains(name)) {
            List<Integer> mapped = new ArrayList<>();
            places.forEach((column, place) -> {
                if (column.own(name)) {
                    mapped.add(place);
                }
            });
            if (!mapped.isEmpty()) {
                return mapped.get(0);
            }
        }
        return place(name);
    }
}
