package io.straightedge.ingest.finals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines of one table as points. Of N, D and C two suffice under C = 6ND: D = C/(6N) where there are no tokens or where a
 * person wants it, C = 6ND where there are no FLOPs (the nominal budget, where that is there).
 */
final class Measures {

    private static final double FLOPS_PER_PARAMETER_TOKEN = 6;
    private static final String POSITIVE = "it must be a finite number above 0 (--skip-bad-rows leaves such rows out)";
    private static final Set<String> YES = Set.of("true", "yes", "1", "t", "y");
    private static final Set<String> NO = Set.of("false", "no", "0", "f", "n");

    private final Source source;
    private final double natsPerUnit;
    /** The column that C is read from; null when it is 6ND. */
    private final @Nullable Column flopsFrom;

    private final boolean tokensKnown;

    Measures(Source source, boolean tokensFromFlops, double natsPerUnit) {
        this.source = source;
        this.natsPerUnit = natsPerUnit;
        tokensKnown = source.knows(Column.TOKENS) && !tokensFromFlops;
        flopsFrom = source.knows(Column.FLOPS) ? Column.FLOPS : source.knows(Column.BUDGET) ? Column.BUDGET : null;
        boolean enough = source.knows(Column.PARAMS) && source.knows(Column.LOSS) && (tokensKnown || flopsFrom != null);
        if (!enough) {
            throw new IllegalArgumentException(source.table().file()
                    + ": needed are params, loss, and tokens or flops; found "
                    + source.table().header() + ", of which "
                    + usable() + " could be used; map others with --column params=NAME");
        }
    }

    private List<String> usable() {
        return List.of(Column.PARAMS, Column.TOKENS, Column.FLOPS, Column.BUDGET, Column.LOSS).stream()
                .filter(source::knows)
                .map(column -> source.columns().header(column))
                .toList();
    }

    /** What each column is taken from. */
    Map<String, String> columns(List<String> notes) {
        Map<String, String> from = new LinkedHashMap<>();
        for (Column column : Column.values()) {
            if (source.columns().has(column)) {
                from.put(column.label(), source.columns().header(column));
            }
        }
        if (!tokensKnown) {
            from.put("tokens", "flops / (6 params)");
            notes.add("tokens are taken as D = C/(6N)");
        }
        if (flopsFrom == null) {
            from.put("flops", "6 params tokens");
            notes.add("FLOPs are taken as C = 6ND");
        } else if (flopsFrom == Column.BUDGET) {
            from.put("flops", source.columns().header(Column.BUDGET));
            notes.add("FLOPs are taken from the nominal budget");
        }
        return from;
    }

    /**
     * One line as a point.
     *
     * @throws IllegalArgumentException which names file, line, column and value, when a number is unusable
     */
    FinalRow row(Table.Line line) {
        double params = positive(line, Column.PARAMS);
        double loss = natsPerUnit * positive(line, Column.LOSS);
        double tokens = tokensKnown ? positive(line, Column.TOKENS) : Double.NaN;
        double flops = flopsFrom == null ? FLOPS_PER_PARAMETER_TOKEN * params * tokens : positive(line, flopsFrom);
        if (!tokensKnown) {
            tokens = flops / (FLOPS_PER_PARAMETER_TOKEN * params);
        }
        if (!(tokens > 0 && flops > 0) || Double.isInfinite(tokens + flops)) {
            throw Cells.bad(source, line, Column.PARAMS, "6ND is out of range with it");
        }
        List<String> key = source.runKey(line);
        double budget = source.knows(Column.BUDGET) ? positive(line, Column.BUDGET) : Double.NaN;
        return new FinalRow(
                source.table().file(),
                line.number(),
                key.get(0),
                key.get(1),
                params,
                tokens,
                flops,
                loss,
                budget,
                annealed(line));
    }

    private double positive(Table.Line line, Column column) {
        double value = Cells.number(source.cell(line, column));
        if (!(value > 0) || Double.isInfinite(value)) {
            throw Cells.bad(source, line, column, POSITIVE);
        }
        return value;
    }

    private @Nullable Boolean annealed(Table.Line line) {
        String cell = source.cell(line, Column.ANNEALED).toLowerCase(Locale.ROOT);
        if (cell.isEmpty()) {
            return null;
        }
        if (!YES.contains(cell) && !NO.contains(cell)) {
            throw Cells.bad(source, line, Column.ANNEALED, "it must be true or false");
        }
        return YES.contains(cell);
    }
}
