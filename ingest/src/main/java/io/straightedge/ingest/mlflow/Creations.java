package io.straightedge.ingest.mlflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The runs created lately, by what was asked: a request to create one says nothing that would tell it from the same
 * request sent again, but its start in milliseconds is a good guess. Thread-safe.
 */
final class Creations {

    private static final int MOST = 1000;

    /** Everything that a request to create a run says, and who made it. */
    record Asked(
            String caller,
            String experimentId,
            long startTime,
            String userId,
            String runName,
            Map<String, String> tags) {}

    private final Map<Asked, CompletableFuture<String>> latest = new LinkedHashMap<>();

    /** The id of the run that an equal request makes or has made, else of a new one. */
    synchronized CompletableFuture<String> of(Asked asked, Supplier<CompletableFuture<String>> creation) {
        CompletableFuture<String> before = latest.get(asked);
        if (before != null && asked.startTime() != 0 && !before.isCompletedExceptionally()) {
            return before;
        }
        CompletableFuture<String> created = creation.get();
        latest.remove(asked);
        latest.put(asked, created);
        if (latest.size() > MOST) {
            latest.remove(latest.keySet().iterator().next());
        }
        return created;
    }
}
