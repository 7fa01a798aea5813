package io.straightedge.publisher.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.straightedge.protocol.codec.Json;
import io.straightedge.publisher.view.View;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The stream of changes as server-sent events: a snapshot, then what has changed, at most four times a second.
 *
 * <p>While a client does not read, nothing is written for it: its changes are merged in the view until its channel takes
 * bytes again. A client that comes back gets a new snapshot whatever its last event was, so no history is kept.
 */
final class EventStream {

    static final Duration EVERY = Duration.ofMillis(250);
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** What a browser waits before it comes back. */
    private static final String RETRY = "retry: 2000\n";

    private final View view;

    EventStream(View view) {
        this.view = view;
    }

    Publisher<Void> serve(Answers answers, HttpServerResponse response) {
        Channel[] channel = new Channel[1];
        response.withConnection(connection -> channel[0] = connection.channel());
        return Reply.guarded(response)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header("X-Accel-Buffering", "no")
                .sse()
                .send(
                        events(answers, Schedulers.parallel(), () -> channel[0] == null || channel[0].isWritable()),
                        written -> true);
    }

    /** The bytes of the stream; {@code writable} says whether the client takes more. */
    Flux<ByteBuf> events(Answers answers, Scheduler scheduler, BooleanSupplier writable) {
        return Flux.defer(() -> {
            AtomicLong number = new AtomicLong();
            // Following begins before the snapshot is taken, so that no change falls between the two.
            Flux<ByteBuf> changes = view.changes(EVERY, scheduler, writable)
                    .map(answers::delta)
                    .filter(delta -> !delta.empty())
                    .map(delta -> event("change", number.incrementAndGet(), delta));
            Flux<ByteBuf> snapshot = Flux.defer(
                    () -> Flux.just(text(RETRY), event("snapshot", number.incrementAndGet(), answers.snapshot())));
            Flux<ByteBuf> heartbeats = Flux.interval(HEARTBEAT, scheduler)
                    .onBackpressureDrop()
                    .filter(tick -> writable.getAsBoolean())
                    .map(tick -> text(": still here\n\n"));
            return Flux.merge(1, changes, snapshot, heartbeats);
        });
    }

    private static ByteBuf event(String type, long id, Object body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("event: " + type + "\nid: " + id + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        // Compact JSON has no line breaks, so it is one data line.
        bytes.writeBytes(Json.write(body));
        bytes.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return Unpooled.wrappedBuffer(bytes.toByteArray());
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
