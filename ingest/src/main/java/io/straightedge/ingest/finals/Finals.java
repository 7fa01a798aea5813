package io.straightedge.ingest.finals;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was read from files of finals.
 *
 * @param rows usable points, in the files' order
 * @param columns what each column was taken from: a header, or the formula that stands in for it
 * @param notes what was done beyond reading, in words
 * @param read rows in the files
 * @param skipped rows left out because a number was unusable
 * @param dropped points left out because of their high loss
 */
public record Finals(
        List<FinalRow> rows, Map<String, String> columns, List<String> notes, int read, int skipped, int dropped) {

    public Finals {
        rows = List.copyOf(rows);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        notes = List.copyOf(notes);
    }
}
