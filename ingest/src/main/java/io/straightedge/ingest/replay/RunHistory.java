package io.straightedge.ingest.replay;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run as a file has it, rows in the file's order.
 *
 * @param params N, when the file knows it
 */
public record RunHistory(
        String family, String run, @Nullable Double params, List<Row> rows) {

    public RunHistory {
        Set<Long> known = new HashSet<>();
        rows.stream().filter(row -> row.loss() != null).forEach(row -> known.add(row.step()));
        // A cell is also empty because the step's loss stands in another row; it is then no missing loss.
        rows = rows.stream()
                .filter(row -> row.loss() != null || !known.contains(row.step()))
                .toList();
    }

    /** The largest step. */
    public long lastStep() {
        return rows.stream().mapToLong(Row::step).max().orElse(0);
    }

    /** Median of tokens over step; null when the file has no tokens. */
    public @Nullable Double tokensPerStep() {
        double[] ratios = rows.stream()
                .filter(row -> row.tokens() != null && row.tokens() > 0 && row.step() > 0)
                .mapToDouble(row -> row.tokens() / row.step())
                .sorted()
                .toArray();
        return ratios.length == 0 ? null : ratios[ratios.length / 2];
    }

    /** Learning rate by step, the later row where a step comes twice; empty when the file has none. */
    public TreeMap<Long, Double> learningRates() {
        TreeMap<Long, Double> rates = new TreeMap<>();
        for (Row row : rows) {
            if (row.lr() != null && row.lr() >= 0 && row.lr() < Double.POSITIVE_INFINITY) {
                rates.put(row.step(), row.lr());
            }
        }
        return rates;
    }

    /** Where each row lies on the run's way, 0 to 1, never falling: a row after a restart comes after the one before. */
    double[] fractions() {
        double last = Math.max(1, lastStep());
        double[] fractions = new double[rows.size()];
        double reached = 0;
        for (int i = 0; i < fractions.length; i++) {
            reached = Math.max(reached, rows.get(i).step() / last);
            fractions[i] = reached;
        }
        return fractions;
    }

    /** Seconds since 1970 of each row, never falling; null unless every row has a time. */
    double @Nullable [] seconds() {
        double[] seconds = new double[rows.size()];
        double reached = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < seconds.length; i++) {
            Instant time = rows.get(i).time();
            if (time == null) {
                return null;
            }
            reached = Math.max(reached, time.toEpochMilli() / 1000.0);
            seconds[i] = reached;
        }
        return seconds;
    }
}
