package io.straightedge.ingest.mlflow;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one request wants changed of a run.
 *
 * @param status the new status; null to leave it
 * @param endTime epoch milliseconds; null when not said
 * @param runName the new name for people; null to leave it
 * @param deleted whether the run is to be deleted or restored; null to leave it
 */
record Change(
        List<MetricPoint> metrics,
        Map<String, String> params,
        Map<String, String> tags,
        Set<String> deletedTags,
        @Nullable String status,
        @Nullable Long endTime,
        @Nullable String runName,
        @Nullable Boolean deleted) {

    static Change of(List<MetricPoint> metrics, Map<String, String> params, Map<String, String> tags) {
        return new Change(metrics, params, tags, Set.of(), null, null, null, null);
    }

    static Change ofMetric(MetricPoint point) {
        return of(List.of(point), Map.of(), Map.of());
    }

    static Change deletingTag(String key) {
        return new Change(List.of(), Map.of(), Map.of(), Set.of(key), null, null, null, null);
    }

    static Change updating(@Nullable String status, @Nullable Long endTime, @Nullable String runName) {
        Map<String, String> tags = runName == null ? Map.of() : Map.of(RunState.NAME_TAG, runName);
        return new Change(List.of(), Map.of(), tags, Set.of(), status, endTime, runName, null);
    }

    static Change deleting(boolean deleted) {
        return new Change(List.of(), Map.of(), Map.of(), Set.of(), null, null, null, deleted);
    }
}
