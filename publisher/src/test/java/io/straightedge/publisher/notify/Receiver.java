package io.straightedge.publisher.notify;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** A server on the loopback address that keeps what it gets, and answers as it is told to, else with 200. */
final class Receiver implements AutoCloseable {

    private static final long WAIT_SECONDS = 10;

    record Request(String uri, HttpHeaders headers, String text) {
        byte[] body() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Consumer<HttpServerResponse>> answers = new ConcurrentLinkedQueue<>();
    private final DisposableServer server;

    Receiver() {
        this(HttpServer.create(), request -> Mono.empty());
    }

    /** A server that answers each request when {@code first} completes. */
    Receiver(HttpServer base, Function<Request, Mono<Void>> first) {
        server = base.host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString(StandardCharsets.UTF_8)
                        .defaultIfEmpty("")
                        .flatMap(body -> {
                            Request got = new Request(
                                    request.uri(), request.requestHeaders().copy(), body);
                            Mono<Void> answered = Mono.defer(() -> answer(response));
                            requests.add(got);
                            return first.apply(got).then(answered);
                        }))
                .bindNow();
    }

    private Mono<Void> answer(HttpServerResponse response) {
        Consumer<HttpServerResponse> answer = answers.poll();
        if (answer != null) {
            answer.accept(response);
        }
        return response.sendString(Mono.just("ignored: \u0007 <b>")).then();
    }

    /** How the next request is answered that has no answer yet. */
    Receiver answer(int status, String... headers) {
        answers.add(response -> {
            response.status(status);
            for (int i = 0; i < headers.length; i += 2) {
                response.header(headers[i], headers[i + 1]);
            }
        });
        return this;
    }

    int port() {
        return server.port();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** The next request; fails when none comes. */
    Request next() throws InterruptedException {
        Request request = requests.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came within " + WAIT_SECONDS + " s");
        }
        return request;
    }

    /** A request if one comes in that time; null when none does. */
    @Nullable
    Request nextWithin(Duration time) throws InterruptedException {
        return requests.poll(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** All that has come and was not asked for. */
    List<Request> rest() {
        List<Request> rest = new ArrayList<>();
        requests.drainTo(rest);
        return rest;
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(2));
    }
}
