package io.straightedge.ingest.finals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What has to be the same for all points of a law: unit, split, tokenizer, what N counts. */
final class Identity {

    private static final String NATS = "nats";
    private static final String BITS = "bits";

    private Identity() {}

    /** Refuses points that differ in what their numbers mean. */
    static void require(List<Source> sources) {
        for (Column column : Column.IDENTITY) {
            Map<String, Integer> values = values(sources, column);
            if (values.size() > 1) {
                String first = values.keySet().iterator().next();
                throw new IllegalArgumentException("the column " + column.label() + " has several values, whose points"
                        + " cannot share a law: " + values.keySet() + "; choose with --where \""
                        + header(sources, column)
                        + "=" + first + "\"");
            }
        }
    }

    /** Factor from the unit that the files name to nats per token; 1 where they name none. */
    static double natsPerUnit(List<Source> sources, List<String> notes) {
        Map<String, Integer> units = values(sources, Column.UNIT);
        if (units.isEmpty()) {
            return 1;
        }
        String unit = units.keySet().iterator().next();
        String plain = Column.plain(unit);
        if (plain.startsWith(NATS) && !plain.contains("byte") && !plain.contains("char")) {
            return 1;
        }
        if (plain.equals(BITS) || plain.equals("bit") || plain.equals("bitspertoken")) {
            notes.add("losses are in bits: multiplied by ln 2");
            return Math.log(2);
        }
        throw new IllegalArgumentException("the unit of the losses is " + unit
                + ": give nats per token (bits per byte times ln 2 times the bytes per token); --column unit= if the"
                + " column does not mean that");
    }

    private static Map<String, Integer> values(List<Source> sources, Column column) {
        Map<String, Integer> values = new TreeMap<>();
        for (Source source : sources) {
            source.lines().stream()
                    .map(line -> source.cell(line, column))
                    .filter(value -> !value.isEmpty())
                    .forEach(value -> values.merge(value, 1, Integer::sum));
        }
        return values;
    }

    private static String header(List<Source> sources, Column column) {
        return sources.stream()
                .filter(source -> source.columns().has(column))
                .map(source -> source.columns().header(column))
                .findFirst()
                .orElse(column.label());
    }
}
