package io.straightedge.ingest.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.straightedge.protocol.access.Allowance;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.RecordWriter.BusyException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpRouteHandlerMetadata;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * {@code POST /v1/events}: training events as NDJSON, a JSON array or one JSON object, plain or gzip.
 *
 * <p>The answer comes after Kafka has stored the good events: 200 when all were good, 400 with the bad lines when some
 * were not. 403 refuses all of it when the caller may not send one of the events; 408, 413 and 415 refuse the request, 429 and 503 ask to come again; none of them acknowledges
 * anything. After a 503 for time the events may still arrive in Kafka: sending again is safe, as equal observations
 * are dropped by the fitter.
 */
public final class EventRoutes {

    /** Where events are posted. */
    public static final String PATH = "/v1/events";

    private static final Logger log = LoggerFactory.getLogger(EventRoutes.class);

    private static final Set<String> CONTENT_TYPES =
            Set.of("application/json", "application/x-ndjson", "application/ndjson", "text/plain");

    static final int BUSY_RETRY_SECONDS = 1;
    static final int KAFKA_RETRY_SECONDS = 5;

    private final RecordWriter writer;
    private final int partitions;
    private final MeterRegistry meters;
    private final Limits limits;
    private final Series series = new Series();
    private final NotStored notStored = new NotStored(log, "Events");

    private EventRoutes(RecordWriter writer, int partitions, MeterRegistry meters, Limits limits) {
        this.writer = writer;
        this.partitions = partitions;
        this.meters = meters;
        this.limits = limits;
    }

    /** The routes, to be added to the one server. */
    public static Consumer<HttpServerRoutes> routes(
            RecordWriter writer, int partitions, MeterRegistry meters, Limits limits) {
        EventRoutes events = new EventRoutes(writer, partitions, meters, limits);
        return routes -> routes.post(PATH, events::post).route(new AnyMethod(PATH), EventRoutes::wrongMethod);
    }

    /** A path under whatever method; says so, for the door, which lets in only what it knows. */
    private record AnyMethod(String path) implements Predicate<HttpServerRequest>, HttpRouteHandlerMetadata {

        @Override
        public boolean test(HttpServerRequest request) {
            return request.fullPath().equals(path);
        }

        @Override
        public String getPath() {
            return path;
        }

        @Override
        public @Nullable HttpMethod getMethod() {
            return null;
        }
    }

    private Mono<Void> post(HttpServerRequest request, HttpServerResponse response) {
        Flux<byte[]> body = request.receive().asByteArray();
        return Mono.fromCallable(() -> Head.gzip(request.requestHeaders(), CONTENT_TYPES, limits))
                .onErrorResume(Refusal.class, refusal -> Body.drop(body, limits).then(Mono.error(refusal)))
                .flatMap(gzip -> Body.collect(body, limits)
                        .publishOn(Schedulers.parallel())
                        .map(bytes -> gzip ? Body.inflate(bytes, limits) : bytes))
                .flatMap(this::parsed)
                .flatMap(this::store)
                .onErrorResume(this::refuse)
                .flatMap(answer -> send(response, answer));
    }

    /** What the body holds, when the caller may send all of it now. */
    private Mono<Parsed> parsed(byte[] body) {
        return Mono.deferContextual(context -> {
            Parsed parsed = Parsed.of(body, partitions, limits, Caller.of(context), series);
            Points.take(Allowance.of(context), parsed.records.size());
            return Mono.just(parsed);
        });
    }

    private Mono<Answer> store(Parsed parsed) {
        Mono<Void> stored = parsed.records.isEmpty()
                ? Mono.empty()
                : writer.write(parsed.records).timeout(limits.storeDeadline());
        return stored.then(Mono.fromSupplier(() -> {
                    count("accepted", parsed.records.size());
                    return Answer.stored(parsed);
                }))
                .doOnError(e -> count("refused", parsed.records.size()))
                .doFirst(() -> countRejected(parsed));
    }

    private Mono<Answer> refuse(Throwable cause) {
        if (cause instanceof Refusal refusal) {
            meters.counter("straightedge.ingest.requests.refused", "status", Integer.toString(refusal.status()))
                    .increment();
            return Mono.just(Answer.refused(
                    refusal.status(), String.valueOf(refusal.getMessage()), refusal.retryAfterSeconds()));
        }
        if (cause instanceof BusyException) {
            return Mono.just(Answer.refused(
                    429, "too much is waiting for Kafka: nothing of this was taken", BUSY_RETRY_SECONDS));
        }
        if (cause instanceof AbortedException) {
            // The sender has gone: there is nobody to answer.
            return Mono.empty();
        }
        notStored.because(cause);
        String message = cause instanceof TimeoutException
                ? "Kafka did not store the events in time: send them again"
                : "Kafka could not store the events: send them again";
        return Mono.just(Answer.refused(503, message, KAFKA_RETRY_SECONDS));
    }

    private void countRejected(Parsed parsed) {
        count("rejected", parsed.rejected());
        parsed.rejectedByClass.forEach((reason, number) ->
                meters.counter("straightedge.ingest.rejected", "reason", reason).increment(number));
    }

    private void count(String result, int number) {
        meters.counter("straightedge.ingest.events", "result", result).increment(number);
    }

    private static Mono<Void> wrongMethod(HttpServerRequest request, HttpServerResponse response) {
        response.header(HttpHeaderNames.ALLOW, "POST");
        return send(response, Answer.refused(405, "post events here", null));
    }

    private static Mono<Void> send(HttpServerResponse response, Answer answer) {
        response.status(answer.status()).header(HttpHeaderNames.CONTENT_TYPE, "application/json");
        if (answer.retryAfterSeconds() != null) {
            response.header(
                    HttpHeaderNames.RETRY_AFTER, answer.retryAfterSeconds().toString());
        }
        if (answer.status() == 408 || answer.status() == 413) {
            // The rest of the body is unread: the connection cannot serve another request.
            response.keepAlive(false);
        }
        return response.sendByteArray(Mono.just(answer.json())).then();
    }
}
