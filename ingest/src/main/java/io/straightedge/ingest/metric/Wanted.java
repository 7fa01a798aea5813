package io.straightedge.ingest.metric;

import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.protocol.run.LossObservation;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which metrics of one run are read: what the user named, else the known names; of several names for the same thing the
 * first that comes, as a mean and a maximum over ranks must not be taken for one series. Not thread-safe.
 */
public final class Wanted {

    /** Metrics that are read of one run at most: names of validation sets are without number. */
    private static final int MOST_METRICS = 1_000;

    private final Map<String, Metric> named;
    private final Map<Metric, String> chosen = new HashMap<>();

    /**
     * Reads the known names, and others where the user says so.
     *
     * @param columns what to how the log calls it: {@code step}, {@code loss}, {@code lr}, {@code grad_norm},
     *     {@code tokens}, {@code samples}, {@code nan_iterations}, or {@code loss:SPLIT} for the loss of another split
     * @throws IllegalArgumentException for another word than these
     */
    public Wanted(Map<String, String> columns) {
        named = new HashMap<>();
        new TreeMap<>(columns).forEach((what, name) -> {
            Metric metric = metric(what);
            named.put(name, metric);
            chosen.put(metric, name);
        });
    }

    /**
     * The same after a restart.
     *
     * @param met what to the name under which it came before; what the user says wins
     */
    public Wanted(Map<String, String> columns, Map<String, String> met) {
        this(columns);
        met.forEach((what, name) -> chosen.putIfAbsent(metric(what), name));
    }

    /** What the number of that name is to this run; null when it is not read. */
    public @Nullable Metric of(String name) {
        Metric metric = named.get(name);
        if (metric == null) {
            metric = MetricNames.of(name);
        }
        if (metric == null || (chosen.size() >= MOST_METRICS && !chosen.containsKey(metric))) {
            return null;
        }
        return chosen.computeIfAbsent(metric, unused -> name).equals(name) ? metric : null;
    }

    private static Metric metric(String what) {
        int colon = what.indexOf(':');
        String role = colon < 0 ? what : what.substring(0, colon);
        String split = colon < 0 ? LossObservation.TRAIN : what.substring(colon + 1);
        try {
            return new Metric(Role.valueOf(role.toUpperCase(Locale.ROOT)), split);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    what + " is nothing that a log is read for: step, loss, loss:SPLIT, lr, grad_norm, tokens, samples"
                            + " or nan_iterations",
                    e);
        }
    }
}
