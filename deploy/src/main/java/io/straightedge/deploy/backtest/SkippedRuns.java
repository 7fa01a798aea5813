package io.straightedge.deploy.backtest;

import io.straightedge.ingest.history.PastRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which runs were not tested, or not at each fraction, and why. */
final class SkippedRuns {

    private static final int MOST_NAMES = 3;

    private record Why(String reason, @Nullable Double fraction) {}

    private final Map<Why, List<String>> names = new LinkedHashMap<>();

    void add(PastRun run, String reason, @Nullable Double fraction) {
        names.computeIfAbsent(new Why(reason, fraction), unseen -> new ArrayList<>())
                .add(run.study() + ": " + run.name());
    }

    /** Runs first, then forecasts by reason and fraction. */
    List<BacktestReport.Skipped> list() {
        return names.entrySet().stream()
                .map(entry -> new BacktestReport.Skipped(
                        entry.getKey().reason(),
                        entry.getKey().fraction(),
                        entry.getValue().size(),
                        entry.getValue().stream().limit(MOST_NAMES).toList()))
                .sorted(Comparator.comparing((BacktestReport.Skipped skipped) -> skipped.fraction() != null)
                        .thenComparing(BacktestReport.Skipped::reason)
                        .thenComparingDouble(skipped -> skipped.fraction() == null ? 0 : skipped.fraction()))
                .toList();
    }
}
