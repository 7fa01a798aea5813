package io.straightedge.ingest.mlflow;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything about one run at one time. Not thread-safe. */
final class RunState {

    /** Where MLflow keeps the name for people. */
    static final String NAME_TAG = "mlflow.runName";

    /** Which study the user wants the run to be in. */
    static final String STUDY_TAG = "straightedge.study";

    /** What this server says about the run. */
    static final String PROBLEM_TAG = "straightedge.problem";

    /** Null while only parts of the run are known. */
    @Nullable
    RunInfo info;

    final Map<String, String> params = new LinkedHashMap<>();
    final Map<String, String> tags = new LinkedHashMap<>();
    /** The latest of each key. */
    final Map<String, MetricPoint> metrics = new LinkedHashMap<>();

    /** Sets a tag, or deletes it. */
    void tag(String key, @Nullable String value) {
        if (value == null) {
            tags.remove(key);
        } else {
            tags.put(key, value);
        }
    }

    /** Takes a metric that is not older than what there is. */
    void metric(MetricPoint point) {
        metrics.merge(point.key(), point, (old, young) -> young.supersedes(old) ? young : old);
    }

    /** What a manifest is derived from: parameters and tags, the tags winning. */
    Map<String, String> configuration() {
        Map<String, String> all = new HashMap<>(params);
        all.putAll(tags);
        all.remove(PROBLEM_TAG);
        return all;
    }

    /** The same after more parameters and a change of tags. */
    Map<String, String> configuration(Map<String, String> newParams, Map<String, String> newTags, Change change) {
        Map<String, String> all = new HashMap<>(params);
        all.putAll(newParams);
        Map<String, String> allTags = new HashMap<>(tags);
        allTags.keySet().removeAll(change.deletedTags());
        allTags.putAll(newTags);
        all.putAll(allTags);
        all.remove(PROBLEM_TAG);
        return all;
    }
}
