package io.straightedge.deploy.demo;

import io.straightedge.deploy.node.Node;
import io.straightedge.ingest.simulate.Simulation;
import io.straightedge.ingest.stream.EventSender;
import io.straightedge.ingest.stream.Player;
import io.straightedge.ingest.timeline.Pace;
import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Plays the simulated ladder into a running node, and judges the outcome. */
public final class Demonstration {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(40);

    private final Node node;
    private final Simulation simulation;
    private final Map<String, Long> stored;

    private Demonstration(Node node, Simulation simulation, Map<String, Long> stored) {
        this.node = node;
        this.simulation = simulation;
        this.stored = stored;
    }

    /** Looks at what an earlier demonstration has left. */
    public static Mono<Demonstration> prepare(Node node, long seed) {
        return Stored.byStudy(node.kafka()).map(stored -> new Demonstration(node, Simulation.ladder(seed), stored));
    }

    /** Whether an earlier demonstration has left something to go on from. */
    public boolean goesOn() {
        return !stored.isEmpty();
    }

    /** Events that have still to be sent. */
    public long total() {
        return StreamSupport.stream(remaining().spliterator(), false).count();
    }

    /**
     * Sends the garbage, then the events at a pace; emits how many are stored so far.
     *
     * @param seconds that the timeline shall take; 0 for as fast as it goes
     */
    public Flux<Long> play(double seconds) {
        Pace pace = seconds == 0 ? Pace.MAX : new Pace(timelineSeconds() / seconds);
        Mono<Void> garbage = goesOn() ? Mono.empty() : node.writer().write(Garbage.records(node.partitions()));
        Flux<List<TrainingEvent>> batches = new Player(pace, Schedulers.parallel()).play(remaining());
        return garbage.thenMany(new EventSender(node.writer(), node.partitions(), node.meters()).send(batches));
    }

    /** Waits until everything that was sent has been worked on and published, then says what came of it. */
    public Mono<Report> judge(Supplier<Double> seconds) {
        return read().map(outputs -> new Judge(simulation.truth(), outputs)
                .report(
                        node.fitter().accounts(),
                        records(),
                        Garbage.bad(),
                        Garbage.strays(node.partitions()),
                        seconds.get()));
    }

    /** The outputs, once fitter and publisher are done; after {@link #SETTLED_WITHIN} as they are. */
    private Mono<Outputs> read() {
        long expected = records() + Garbage.strays(node.partitions());
        return Flux.interval(Duration.ZERO, LOOK_EVERY)
                .onBackpressureDrop()
                .filter(look -> node.fitter().accounts().in() >= expected)
                .concatMap(look -> Outputs.read(node.kafka()), 1)
                .takeUntil(Outputs::published)
                .take(SETTLED_WITHIN)
                .takeLast(1)
                .next()
                .switchIfEmpty(Mono.defer(() -> Outputs.read(node.kafka())));
    }

    private long records() {
        return simulation.total() + Garbage.bad() + Garbage.strays(node.partitions());
    }

    private double timelineSeconds() {
        double last = 1;
        for (TimedEvent event : simulation.events()) {
            last = Math.max(last, event.at().toMillis() / 1e3);
        }
        return last;
    }

    /** The events that are not stored yet: each study's first ones are, in its order. */
    private Iterable<TimedEvent> remaining() {
        return () -> {
            Map<String, Long> skip = new HashMap<>(stored);
            Iterator<TimedEvent> all = StreamSupport.stream(simulation.events().spliterator(), false)
                    .filter(event -> {
                        String study = Objects.requireNonNull(event.event().study());
                        return skip.merge(study, -1L, Long::sum) < 0;
                    })
                    .iterator();
            return all;
        };
    }
}
