package io.straightedge.deploy.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.straightedge.protocol.codec.Json;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** The HTTP server: the stages' routes behind one door, with health and metrics beside them. */
public final class HttpDoor implements AutoCloseable {

    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_URI_BYTES = 8 << 10;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final DisposableServer server;
    private final Address address;

    private HttpDoor(DisposableServer server, Address address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts to listen.
     *
     * @throws IllegalArgumentException when the address is in use, saying what to do
     */
    public static HttpDoor open(
            Address address,
            Health health,
            @Nullable PrometheusMeterRegistry meters,
            List<Consumer<HttpServerRoutes>> stages) {
        Doorkeeper doorkeeper = new Doorkeeper(address);
        HttpServerRoutes routes = HttpServerRoutes.newRoutes();
        routes.get("/health/live", (request, response) -> text(response, 200, "ok\n", "text/plain; charset=utf-8"));
        routes.get("/health/ready", (request, response) -> ready(response, health));
        if (meters != null) {
            routes.get(
                    "/metrics",
                    (request, response) ->
                            text(response, 200, meters.scrape(), "text/plain; version=0.0.4; charset=utf-8"));
        }
        stages.forEach(stage -> stage.accept(routes));
        try {
            DisposableServer server = HttpServer.create()
                    .host(address.host())
                    .port(address.port())
                    .idleTimeout(IDLE)
                    .httpRequestDecoder(
                            decoder -> decoder.maxHeaderSize(MAX_HEADER_BYTES).maxInitialLineLength(MAX_URI_BYTES))
                    .handle((request, response) -> admit(doorkeeper, routes, request, response))
                    .bindNow();
            return new HttpDoor(server, new Address(address.host(), server.port()));
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException || e instanceof ChannelBindException) {
                throw new IllegalArgumentException(
                        "port " + address.port() + " on " + address.host()
                                + " is in use: stop what listens there, or choose another with --http-port (0 for any)",
                        e);
            }
            throw e;
        }
    }

    /** Where a browser finds it. */
    public String url() {
        String host = address.host().equals("0.0.0.0") ? "127.0.0.1" : address.host();
        return "http://" + host + ":" + address.port();
    }

    /** Stops to listen and ends open requests. */
    @Override
    public void close() {
        server.disposeNow(STOP);
    }

    private static Publisher<Void> admit(
            Doorkeeper doorkeeper, HttpServerRoutes routes, HttpServerRequest request, HttpServerResponse response) {
        String objection = doorkeeper.objection(request);
        if (objection != null) {
            return json(response, 403, Map.of("error", objection));
        }
        return routes.apply(request, response);
    }

    private static Publisher<Void> ready(HttpServerResponse response, Health health) {
        Map<String, String> words = health.words();
        boolean ready = words.values().stream().allMatch(Health.OK::equals);
        return json(response, ready ? 200 : 503, Map.of("ready", ready, "parts", words));
    }

    private static Publisher<Void> json(HttpServerResponse response, int status, Object body) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendByteArray(Mono.just(Json.write(body)));
    }

    private static Publisher<Void> text(HttpServerResponse response, int status, String body, String type) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendString(Mono.just(body));
    }
}
