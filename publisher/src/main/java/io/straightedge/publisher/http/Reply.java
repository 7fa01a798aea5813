package io.straightedge.publisher.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.straightedge.protocol.codec.Json;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Ways to answer; every answer carries the headers that keep a browser from running what is not ours. */
final class Reply {

    static final String CONTENT_SECURITY_POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; "
            + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** What went wrong, and what to do about it. */
    record Problem(String error, String hint) {}

    private Reply() {}

    static HttpServerResponse guarded(HttpServerResponse response) {
        return response.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin");
    }

    static Publisher<Void> json(HttpServerResponse response, Object body) {
        return bytes(response, HttpResponseStatus.OK, Json.write(body));
    }

    /** Taken, and soon to be seen. */
    static Publisher<Void> accepted(HttpServerResponse response, Object body) {
        return bytes(response, HttpResponseStatus.ACCEPTED, Json.write(body));
    }

    /** The answer, or when it is null that there is none. */
    static Publisher<Void> jsonOr404(HttpServerResponse response, @Nullable Object body, String error, String hint) {
        return body == null ? problem(response, HttpResponseStatus.NOT_FOUND, error, hint) : json(response, body);
    }

    static Publisher<Void> problem(HttpServerResponse response, HttpResponseStatus status, String error, String hint) {
        return bytes(response, status, Json.write(new Problem(error, hint)));
    }

    static Publisher<Void> brokenEscape(HttpServerResponse response) {
        return problem(
                response,
                HttpResponseStatus.BAD_REQUEST,
                "the address holds a broken percent escape",
                "encode names as UTF-8, like %2F for a slash");
    }

    private static Publisher<Void> bytes(HttpServerResponse response, HttpResponseStatus status, byte[] body) {
        return guarded(response)
                .status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .sendByteArray(Mono.just(body));
    }
}
