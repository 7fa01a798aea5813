package io.straightedge.ingest.finals;

import java.util.List;
import java.util.Map;

/**
 * How to read files of finals.
 *
 * @param columns header by column name, for what is mapped by hand; an empty header leaves the column out
 * @param families which to take; empty for all there are, provided they may stand together; {@link #ALL} mixes them
 * @param where conditions that a row has to meet
 * @param tokensFromFlops take D = C/(6N) although there are tokens
 * @param dropHighestLoss K: drop every point whose loss is not below the K-th largest; 0 drops none
 * @param checkpoints which points of a run with several rows to take
 * @param skipBadRows count rows with unusable numbers instead of refusing them
 */
public record FinalsOptions(
        Map<String, String> columns,
        List<String> families,
        List<Condition> where,
        boolean tokensFromFlops,
        int dropHighestLoss,
        Checkpoints checkpoints,
        boolean skipBadRows) {

    /** The name of a family that stands for all of them, mixed deliberately. */
    public static final String ALL = "all";

    /** All rows as they are; curves give their last points. */
    public static final FinalsOptions DEFAULT =
            new FinalsOptions(Map.of(), List.of(), List.of(), false, 0, Checkpoints.AUTO, false);

    public FinalsOptions {
        columns = Map.copyOf(columns);
        families = List.copyOf(families);
        where = List.copyOf(where);
        if (dropHighestLoss < 0) {
            throw new IllegalArgumentException("dropHighestLoss is " + dropHighestLoss + ": it must not be negative");
        }
    }

    /** Which points of a run with several rows are taken. */
    public enum Checkpoints {
        /** The last where the rows have steps, else all. */
        AUTO,
        LAST,
        ALL
    }
}
