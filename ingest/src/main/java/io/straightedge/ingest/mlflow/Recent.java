package io.straightedge.ingest.mlflow;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The last things that were sent to Kafka, and what became of each: what is sent again is known by it. Not thread-safe.
 */
final class Recent<T> {

    /** How many are remembered. */
    static final int MOST = 4096;

    /** How many are enough once nothing more is to be expected. */
    private static final int FEW = 64;

    private final Map<T, CompletableFuture<Void>> outcomes = new LinkedHashMap<>();

    /** What becomes of an equal one; null when there is none, or too long ago. */
    @Nullable
    CompletableFuture<Void> of(T sent) {
        return outcomes.get(sent);
    }

    void add(T sent, CompletableFuture<Void> outcome) {
        outcomes.put(sent, outcome);
        keep(MOST);
    }

    /** Forgets one that was not stored. */
    void remove(T sent) {
        outcomes.remove(sent);
    }

    /** Forgets most. */
    void shrink() {
        keep(FEW);
    }

    private void keep(int most) {
        Iterator<T> eldest = outcomes.keySet().iterator();
        while (outcomes.size() > most && eldest.hasNext()) {
            eldest.next();
            eldest.remove();
        }
    }
}
