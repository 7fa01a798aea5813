package io.straightedge.publisher.notify;

import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;

/**
 * Brings the alerts of the partitions that are live here to the sinks.
 *
 * <p>Each sink is spoken to by a line of its own, one message at a time, so that one that is away delays no other and the
 * order of what is said of an alert is kept. What a sink has taken is written to {@code alert-commands}; a process that
 * dies in between says it again, under the same idempotency key. Safe on any thread; it does nothing until {@link #run}
 * is subscribed to.
 */
public final class Notifier implements AlertTelling, AutoCloseable {

    /** In place of a partition for what Straightedge says of itself: told from memory, never recorded. */
    private static final int SELF = -1;

    /**
     * How alerts are told.
     *
     * @param maxAge what is older is history and told to nobody
     * @param page under which address people find the dashboard, for links; null for none
     */
    public record Options(
            List<SinkSpec> sinks,
            List<Route> routes,
            Duration maxAge,
            @Nullable URI page) {
        public Options {
            sinks = List.copyOf(sinks);
            routes = List.copyOf(routes);
            if (maxAge.isNegative() || maxAge.isZero()) {
                throw new IllegalArgumentException("the age from which an alert is history must be above 0: " + maxAge);
            }
        }
    }

    private final List<SinkLine> lines;
    private final ToldRecords records;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Pace pace;
    private final LongSupplier fitterLagSeconds;
    private final LoopResources loops;
    private final SelfAlerts self;

    /** Guarded by this, with the lines. */
    private final Held held;

    private Notifier(
            Options options,
            RecordWriter writer,
            MeterRegistry meters,
            Clock clock,
            Scheduler scheduler,
            LongSupplier fitterLagSeconds,
            Pace pace,
            LoopResources loops,
            List<Sink> sinks) {
        SplittableRandom random = new SplittableRandom(clock.millis());
        this.held = new Held(new Routing(options.routes()), options.maxAge());
        this.records = new ToldRecords(writer);
        this.clock = clock;
        this.scheduler = scheduler;
        this.pace = pace;
        this.fitterLagSeconds = fitterLagSeconds;
        this.loops = loops;
        this.self = new SelfAlerts(clock.instant());
        this.lines = sinks.stream()
                .map(sink -> new SinkLine(sink, pace, meters, random::nextDouble))
                .toList();
    }

    /**
     * A notifier for these sinks; reads their secrets.
     *
     * @param writer of {@code alert-commands}
     * @param scheduler on which it looks at what is to be told
     * @param fitterLagSeconds how far the fitter is behind; negative where that is not known
     * @throws IllegalArgumentException which names a sink that cannot be used and says why
     */
    public static Notifier of(
            Options options,
            RecordWriter writer,
            MeterRegistry meters,
            Clock clock,
            Scheduler scheduler,
            LongSupplier fitterLagSeconds) {
        return of(options, writer, meters, clock, scheduler, fitterLagSeconds, Pace.USUAL);
    }

    static Notifier of(
            Options options,
            RecordWriter writer,
            MeterRegistry meters,
            Clock clock,
            Scheduler scheduler,
            LongSupplier fitterLagSeconds,
            Pace pace) {
        LoopResources loops = LoopResources.create("straightedge-notify", 1, true);
        List<Sink> sinks = Sinks.of(options.sinks(), loops, options.page());
        return new Notifier(options, writer, meters, clock, scheduler, fitterLagSeconds, pace, loops, sinks);
    }

    /** Tells sinks while subscribed; never completes by itself. */
    public Mono<Void> run() {
        List<Flux<?>> flows = new ArrayList<>();
        flows.add(ticks().concatMap(tick -> self(tick == 0).then(records.write()), 1));
        lines.forEach(line -> flows.add(ticks().concatMap(tick -> rounds(line), 1)));
        return Flux.merge(Flux.fromIterable(flows), flows.size()).then();
    }

    private Flux<Long> ticks() {
        return Flux.interval(Duration.ZERO, pace.tick(), scheduler).onBackpressureDrop();
    }

    /** Gives back the threads of the connections. */
    @Override
    public void close() {
        loops.dispose();
    }

    @Override
    public synchronized void restored(int partition, Alert alert) {
        held.of(partition).alert(alert);
    }

    @Override
    public synchronized void changed(int partition, Alert alert) {
        held.of(partition).alert(alert);
    }

    @Override
    public synchronized void forgotten(int partition, Alert alert) {
        held.of(partition).forgotten(alert);
    }

    @Override
    public synchronized void told(int partition, AlertCommand command) {
        held.of(partition).command(command);
    }

    @Override
    public synchronized void dropped(int partition) {
        held.drop(partition);
    }

    @Override
    public synchronized void live(int partition) {
        // What was told from here a moment ago may not have been there to restore.
        records.of(partition, held.of(partition)::command);
        held.live(partition);
    }

    private Mono<Void> self(boolean first) {
        return Mono.fromRunnable(() -> {
            synchronized (this) {
                self.at(clock.instant(), fitterLagSeconds.getAsLong(), first).forEach(alert -> changed(SELF, alert));
                held.live(SELF);
                settle(clock.instant());
            }
        });
    }

    private void settle(Instant now) {
        List<Recipient> recipients = lines.stream().map(SinkLine::recipient).toList();
        held.settle(recipients, now, records::withdraw);
        lines.forEach(line -> line.pending(held.pending(line.recipient(), now)));
    }

    /** Says all that can be said to one sink now, message by message. */
    private Flux<Boolean> rounds(SinkLine line) {
        boolean[] more = {false};
        return Mono.defer(() -> round(line))
                .defaultIfEmpty(false)
                .doOnNext(said -> more[0] = said)
                .repeat(() -> more[0]);
    }

    /** One message to one sink; true when another may follow at once. */
    private Mono<Boolean> round(SinkLine line) {
        Instant now = clock.instant();
        List<Held.Pick> picks = due(line, now);
        if (picks.isEmpty()) {
            return Mono.just(false);
        }
        List<Telling> tellings = picks.stream().map(Held.Pick::telling).toList();
        return Mono.defer(() -> line.sink().tell(tellings, now))
                .publishOn(scheduler)
                .flatMap(reply -> answered(line, picks, reply))
                .onErrorResume(Exception.class, failure -> failed(line, picks, failure.toString(), null));
    }

    private synchronized List<Held.Pick> due(SinkLine line, Instant now) {
        return line.open(now) ? held.due(line.recipient(), now, line.sink().together()) : List.of();
    }

    private Mono<Boolean> answered(SinkLine line, List<Held.Pick> picks, Reply reply) {
        if (reply.taken()) {
            return taken(line, picks);
        }
        if (reply.worthAnotherTry()) {
            return failed(line, picks, "status " + reply.status(), reply.retryAfter());
        }
        synchronized (this) {
            Instant now = clock.instant();
            boolean together = picks.size() > 1;
            picks.forEach(pick -> pick.deliveries().refused(pick.telling(), line.recipient(), together, now));
            line.refused(picks.size(), reply.status(), now);
            if (reply.gone()) {
                line.gone();
            }
            return Mono.just(line.fluent());
        }
    }

    private Mono<Boolean> taken(SinkLine line, List<Held.Pick> picks) {
        synchronized (this) {
            Instant now = clock.instant();
            for (Held.Pick pick : picks) {
                AlertCommand told = pick.deliveries().taken(pick.telling(), line.recipient(), now);
                line.taken(pick.telling(), now);
                if (told != null && pick.partition() != SELF) {
                    records.add(pick.partition(), told);
                    held.again(pick, told);
                }
            }
            line.succeeded(now);
        }
        return records.write().thenReturn(true).map(written -> line.fluent());
    }

    private synchronized Mono<Boolean> failed(
            SinkLine line, List<Held.Pick> picks, String why, @Nullable Duration asked) {
        Instant now = clock.instant();
        for (Held.Pick pick : picks) {
            int failures = 1 + pick.deliveries().failures(pick.telling(), line.recipient());
            pick.deliveries().failed(pick.telling(), line.recipient(), line.notBefore(failures, asked, now));
        }
        line.failed(picks.size(), why, asked, now);
        return Mono.just(false);
    }
}
