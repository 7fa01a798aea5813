package io.straightedge.ingest.mlflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What of one run is on its way to Kafka, or has just been stored: a request that repeats another waits for the same
 * outcome and writes nothing. Not thread-safe.
 */
final class Pending {

    private static final int FEW = 8;

    private final Recent<MetricPoint> points = new Recent<>();
    private final Map<String, CompletableFuture<Void>> params = new HashMap<>();

    /** The points that were not sent before; adds the outcomes of the others, where they are still open. */
    List<MetricPoint> fresh(List<MetricPoint> asked, List<CompletableFuture<Void>> waits) {
        List<MetricPoint> fresh = new ArrayList<>(asked.size());
        for (MetricPoint point : asked.size() <= FEW ? asked : new LinkedHashSet<>(asked)) {
            CompletableFuture<Void> before = points.of(point);
            if (before == null) {
                // Of a few, looking through them costs less than a set.
                if (fresh.size() >= FEW || !fresh.contains(point)) {
                    fresh.add(point);
                }
            } else if (!before.isDone()) {
                waits.add(before);
            }
        }
        return fresh;
    }

    /** Adds the outcome of a parameter that is on its way. */
    void await(String param, List<CompletableFuture<Void>> waits) {
        CompletableFuture<Void> underWay = params.get(param);
        if (underWay != null) {
            waits.add(underWay);
        }
    }

    void add(List<MetricPoint> newPoints, Collection<String> newParams, CompletableFuture<Void> outcome) {
        newPoints.forEach(point -> points.add(point, outcome));
        newParams.forEach(param -> params.put(param, outcome));
    }

    /** These parameters have been stored. */
    void stored(Collection<String> storedParams) {
        storedParams.forEach(params::remove);
    }

    /** These could not be stored. */
    void failed(List<MetricPoint> failedPoints, Collection<String> failedParams) {
        failedPoints.forEach(points::remove);
        failedParams.forEach(params::remove);
    }

    /** Nothing more is to be expected of the run. */
    void shrink() {
        points.shrink();
    }
}
