package io.straightedge.publisher.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Tells any number of subscribers what has changed, latest wins.
 *
 * <p>Each subscriber has a set of changed things, emptied at its own pace: a thing that changes ten times before the
 * subscriber asks is told once. So a slow subscriber costs at most one entry per thing there is, never delays the
 * writer, and always learns of the newest state. Safe on any thread.
 */
final class Changes {

    private static final int MAX_AT_ONCE = 200;

    private final Set<Pending> subscribers = new CopyOnWriteArraySet<>();

    void tell(Change change) {
        subscribers.forEach(pending -> pending.add(change));
    }

    /** Non-empty lists of what has changed since the last one, one per {@code every} while {@code ready}; never ends. */
    Flux<List<Change>> every(Duration every, Scheduler scheduler, BooleanSupplier ready) {
        return Flux.defer(() -> {
            Pending pending = new Pending();
            subscribers.add(pending);
            return Flux.interval(every, scheduler)
                    .onBackpressureDrop()
                    .filter(tick -> ready.getAsBoolean())
                    .concatMap(tick -> Flux.just(pending.take()), 0)
                    .filter(changes -> !changes.isEmpty())
                    .doFinally(signal -> subscribers.remove(pending));
        });
    }

    int subscribers() {
        return subscribers.size();
    }

    private static final class Pending {

        private final Set<Change> changed = new LinkedHashSet<>();

        synchronized void add(Change change) {
            changed.add(change);
        }

        synchronized List<Change> take() {
            List<Change> taken = new ArrayList<>();
            Iterator<Change> oldest = changed.iterator();
            while (oldest.hasNext() && taken.size() < MAX_AT_ONCE) {
                taken.add(oldest.next());
                oldest.remove();
            }
            return taken;
        }
    }
}
