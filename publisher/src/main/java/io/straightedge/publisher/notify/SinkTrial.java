package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** Sends a test alert through sinks, firing and then resolved, without routes, silences or second attempts. */
public final class SinkTrial {

    /**
     * What came back.
     *
     * @param taken whether the sink took it
     * @param status of HTTP; null where there was no answer
     * @param elapsed from the beginning of the lookup to the end of the answer
     * @param problem why there was no answer; null where there was one
     */
    public record Result(
            String sink,
            State state,
            boolean taken,
            @Nullable Integer status,
            Duration elapsed,
            @Nullable String problem) {}

    private SinkTrial() {}

    /**
     * The results, sink by sink; what fires is resolved only where it was taken.
     *
     * @param page under which address people find the dashboard, for links; null for none
     * @throws IllegalArgumentException which names a sink that cannot be used and says why
     */
    public static Flux<Result> of(List<SinkSpec> specs, Severity severity, @Nullable URI page, Clock clock) {
        LoopResources loops = LoopResources.create("straightedge-notify", 1, true);
        List<Sink> sinks = Sinks.of(specs, loops, page);
        Instant now = clock.instant();
        return Flux.fromIterable(sinks)
                .concatMap(sink -> trial(sink, severity, now, clock))
                .doFinally(end -> loops.dispose());
    }

    private static Flux<Result> trial(Sink sink, Severity severity, Instant now, Clock clock) {
        Telling firing = new Telling(alert(severity, State.FIRING, now), State.FIRING, null, false);
        Telling resolved = new Telling(alert(severity, State.RESOLVED, now), State.RESOLVED, severity, false);
        return tell(sink, firing, clock).flatMapMany(first -> {
            Flux<Result> begun = Flux.just(first);
            return first.taken()
                    ? begun.concatWith(Mono.delay(sink.spacing()).then(tell(sink, resolved, clock)))
                    : begun;
        });
    }

    private static Mono<Result> tell(Sink sink, Telling telling, Clock clock) {
        String name = sink.recipient().name();
        return Mono.defer(() -> {
            Instant began = clock.instant();
            return Mono.defer(() -> sink.tell(List.of(telling), began))
                    .map(reply ->
                            new Result(name, telling.state(), reply.taken(), reply.status(), since(began, clock), null))
                    .onErrorResume(
                            Exception.class,
                            failure -> Mono.just(new Result(
                                    name, telling.state(), false, null, since(began, clock), reason(failure))));
        });
    }

    private static Duration since(Instant began, Clock clock) {
        return Duration.between(began, clock.instant());
    }

    private static String reason(Throwable failure) {
        String said = failure.getMessage();
        return Inert.sentence(said == null ? failure.getClass().getSimpleName() : said);
    }

    private static Alert alert(Severity severity, State state, Instant now) {
        return new Alert(
                "straightedge-test/" + now.toEpochMilli(),
                "straightedge-test",
                "",
                0,
                "test",
                severity,
                state,
                0,
                Double.NaN,
                now,
                "A test of this way to reach you: nothing is wrong.",
                state == State.RESOLVED ? "the test is over" : null,
                Map.of(),
                null,
                null,
                null,
                now,
                null,
                null,
                null,
                null,
                List.of());
    }
}
