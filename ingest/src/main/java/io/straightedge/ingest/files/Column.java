package io.straightedge.ingest.files;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.SourceOptions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a table is to us.
 *
 * @param metric of a number
 * @param setting its name in the run's configuration, of a setting
 */
record Column(Kind kind, @Nullable Metric metric, @Nullable String setting) {

    enum Kind {
        /** A number of the step. */
        METRIC,
        /** Name of the run. */
        RUN,
        /** Which loss the row has. */
        SPLIT,
        /** When it was logged. */
        TIME,
        /** Configuration of the run. */
        SETTING,
        /** Nothing that is read. */
        OTHER
    }

    private static final Column OTHER = new Column(Kind.OTHER, null, null);
    private static final Map<String, Kind> BY_NAME = Map.of(
            "run", Kind.RUN,
            "split", Kind.SPLIT,
            "time", Kind.TIME,
            "timestamp", Kind.TIME,
            "_timestamp", Kind.TIME);
    private static final Map<String, String> SETTINGS =
            Map.of("params", "straightedge.params", "family", "family", "total_steps", "max_steps");

    /** Settings that are numbers above zero. */
    static final Set<String> SIZES = Set.of("straightedge.params", "max_steps");

    /** The columns of one file, by their names. */
    static final class Names {

        private static final int MOST_KEPT = 4096;
        private static final Set<String> OURS = Set.of("run", "split", "time");

        private final Map<String, Column> known = new HashMap<>();
        private final Wanted wanted;

        Names(SourceOptions options) {
            Map<String, String> metrics = new HashMap<>(options.columns());
            metrics.keySet().removeAll(OURS);
            wanted = new Wanted(metrics);
            options.columns().forEach((what, name) -> {
                if (OURS.contains(what)) {
                    known.put(name, new Column(Kind.valueOf(what.toUpperCase(Locale.ROOT)), null, null));
                }
            });
        }

        Column of(String name) {
            Column column = known.get(name);
            if (column == null) {
                column = find(name);
                if (known.size() < MOST_KEPT) {
                    known.put(name, column);
                }
            }
            return column;
        }

        private Column find(String name) {
            Metric metric = wanted.of(name);
            if (metric == null && name.indexOf('.') > 0) {
                metric = wanted.of(name.replace('.', '/'));
            }
            if (metric != null) {
                return new Column(Kind.METRIC, metric, null);
            }
            String lower = name.strip().toLowerCase(Locale.ROOT);
            Kind kind = BY_NAME.get(lower);
            if (kind != null) {
                return new Column(kind, null, null);
            }
            String setting = SETTINGS.get(lower);
            return setting == null ? OTHER : new Column(Kind.SETTING, null, setting);
        }
    }
}
