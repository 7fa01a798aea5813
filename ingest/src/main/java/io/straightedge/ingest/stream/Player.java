package io.straightedge.ingest.stream;

import io.straightedge.ingest.timeline.Pace;
import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Plays a timeline at a pace: batches of events, each when it is due, never more than the reader asks for. */
public final class Player {

    /** Largest batch, in events. */
    static final int MAX_BATCH = 500;

    /** Events due within this of the first go out together. */
    private static final Duration TOGETHER = Duration.ofMillis(50);

    private final Pace pace;
    private final Scheduler clock;

    public Player(Pace pace, Scheduler clock) {
        this.pace = pace;
        this.clock = clock;
    }

    /** The batches of the timeline, in its order; {@code events} is walked anew by each subscriber. */
    public Flux<List<TrainingEvent>> play(Iterable<TimedEvent> events) {
        return Flux.defer(() -> {
            long start = clock.now(TimeUnit.MILLISECONDS);
            return Flux.<Batch, Cursor>generate(() -> new Cursor(events.iterator(), pace), (cursor, sink) -> {
                        Batch batch = cursor.next();
                        if (batch == null) {
                            sink.complete();
                        } else {
                            sink.next(batch);
                        }
                        return cursor;
                    })
                    .concatMap(batch -> when(batch, start), 1);
        });
    }

    private Mono<List<TrainingEvent>> when(Batch batch, long start) {
        long wait = batch.due().toMillis() - (clock.now(TimeUnit.MILLISECONDS) - start);
        Mono<List<TrainingEvent>> ready = Mono.just(batch.events());
        return wait <= 0 ? ready : ready.delayElement(Duration.ofMillis(wait), clock);
    }

    private record Batch(Duration due, List<TrainingEvent> events) {}

    /** Where one subscriber stands in the timeline. */
    private static final class Cursor {
        private final Iterator<TimedEvent> events;
        private final Pace pace;
        private @Nullable TimedEvent head;

        Cursor(Iterator<TimedEvent> events, Pace pace) {
            this.events = events;
            this.pace = pace;
        }

        @Nullable
        Batch next() {
            if (head == null && !advance()) {
                return null;
            }
            List<TrainingEvent> batch = new ArrayList<>();
            Duration first = head == null ? Duration.ZERO : pace.due(head.at());
            Duration last = first;
            while (head != null && batch.size() < MAX_BATCH) {
                Duration due = pace.due(head.at());
                if (due.minus(first).compareTo(TOGETHER) > 0) {
                    break;
                }
                batch.add(head.event());
                last = due.compareTo(last) > 0 ? due : last;
                advance();
            }
            return new Batch(last, batch);
        }

        private boolean advance() {
            head = events.hasNext() ? events.next() : null;
            return head != null;
        }
    }
}
