package io.straightedge.ingest.finals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which families of runs are taken: one law holds for one of them, unless a person says otherwise. */
final class Families {

    /** A family of at least so many rows could have a law of its own, so it is no mere label of a run. */
    private static final int STANDS_ALONE = 3;

    private Families() {}

    /**
     * The lines of the wanted families.
     *
     * @throws IllegalArgumentException when a wanted one is not there, or when several are there and none is wanted
     */
    static List<Source> select(List<Source> sources, List<String> wanted, List<String> notes) {
        Map<String, Integer> counts = counts(sources);
        if (wanted.stream().anyMatch(name -> name.equalsIgnoreCase(FinalsOptions.ALL))) {
            if (counts.size() > 1) {
                notes.add("mixes " + counts.size() + " families as if one law held for them: " + list(counts));
            }
            return sources;
        }
        if (wanted.isEmpty()) {
            long large = counts.values().stream().filter(n -> n >= STANDS_ALONE).count();
            if (large > 1) {
                throw new IllegalArgumentException("several families, which no one law need fit: " + list(counts)
                        + "; choose with --family NAME, or mix them with --family " + FinalsOptions.ALL);
            }
            return sources;
        }
        for (String name : wanted) {
            if (counts.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException("there is no family " + name + "; found " + list(counts));
            }
        }
        return sources.stream()
                .map(source -> source.keep(
                        line -> wanted.stream().anyMatch(source.cell(line, Column.FAMILY)::equalsIgnoreCase)))
                .toList();
    }

    private static Map<String, Integer> counts(List<Source> sources) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Source source : sources) {
            source.lines().forEach(line -> counts.merge(source.cell(line, Column.FAMILY), 1, Integer::sum));
        }
        return counts;
    }

    private static String list(Map<String, Integer> counts) {
        List<String> named = new ArrayList<>();
        counts.forEach((name, count) -> named.add((name.isEmpty() ? "(no name)" : name) + " (" + count + " rows)"));
        return String.join(", ", named);
    }
}
