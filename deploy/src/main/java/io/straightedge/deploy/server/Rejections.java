package io.straightedge.deploy.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.straightedge.protocol.codec.Json;
import java.time.Duration;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Says no, and counts it by reason. Nothing that a client sent is logged. */
final class Rejections {

    /** A body up to this size is read before its sender is told no: cut off while it sends, it would not read it. */
    private static final long READ_BYTES = 1 << 20;

    private static final Duration READ_WITHIN = Duration.ofSeconds(5);

    private final MeterRegistry meters;

    Rejections(MeterRegistry meters) {
        this.meters = meters;
    }

    void count(String reason) {
        Counter.builder("straightedge.http.rejected")
                .description("Connections and requests that were turned away, by reason")
                .tag("reason", reason)
                .register(meters)
                .increment();
    }

    /** Counts what a route has answered, when it is a no. */
    void countAnswer(int status) {
        if (status >= 400) {
            count(
                    switch (status) {
                        case 400, 422 -> "content";
                        case 403 -> "project";
                        case 404 -> "not_found";
                        case 405 -> "method";
                        case 408 -> "slow_body";
                        case 409 -> "conflict";
                        case 413 -> "too_large";
                        case 415 -> "content_type";
                        case 429 -> "busy";
                        case 503 -> "unavailable";
                        default -> "status_" + status;
                    });
        }
    }

    /** No, and why. */
    Publisher<Void> answer(
            HttpServerRequest request, HttpServerResponse response, int status, String reason, String message) {
        return refuse(request, response, status, reason, Json.write(Map.of("error", message)));
    }

    /** Not now: come again after some seconds. */
    Publisher<Void> later(
            HttpServerRequest request, HttpServerResponse response, String reason, int seconds, String message) {
        response.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(seconds));
        String agent = request.requestHeaders().get(HttpHeaderNames.USER_AGENT, "");
        // MLflow's Java client takes any body of a 429 for an answer, and fails on it.
        byte[] body = agent.startsWith("mlflow-java-client") ? new byte[0] : Json.write(Map.of("error", message));
        return refuse(request, response, 429, reason, body);
    }

    private Publisher<Void> refuse(
            HttpServerRequest request, HttpServerResponse response, int status, String reason, byte[] body) {
        count(reason);
        response.status(status)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        if (body.length > 0) {
            response.header(HttpHeaderNames.CONTENT_TYPE, "application/json");
        }
        Mono<Void> answered = response.sendByteArray(Mono.just(body)).then();
        if (!readable(request)) {
            response.keepAlive(false);
            return answered;
        }
        return request.receive()
                .then()
                .timeout(READ_WITHIN)
                .onErrorResume(slow -> Mono.fromRunnable(() -> response.keepAlive(false)))
                .then(answered);
    }

    private static boolean readable(HttpServerRequest request) {
        boolean waits = request.requestHeaders().contains(HttpHeaderNames.EXPECT);
        boolean chunked = request.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING);
        String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH, "0");
        return !waits && !chunked && length.length() < 10 && Long.parseLong(length) <= READ_BYTES;
    }
}
