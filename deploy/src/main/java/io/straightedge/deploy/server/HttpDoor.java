package io.straightedge.deploy.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.straightedge.deploy.access.TokenFile;
import io.straightedge.protocol.codec.Json;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** The HTTP server: the stages' routes behind one door, with health, metrics and the login beside them. */
public final class HttpDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Duration LOOK_AT_FILES_EVERY = Duration.ofSeconds(2);
    private static final String NOTHING_INSIDE = "default-src 'none'; frame-ancestors 'none'";
    private static final String HTTPS_FOR_A_YEAR = "max-age=31536000";

    private final DoorOptions options;
    private final Doorkeeper doorkeeper;
    private final Rejections rejections;
    private final GuardedRoutes routes;
    private final @Nullable TokenFile tokens;
    private final @Nullable TlsContext tls;

    private @Nullable DisposableServer server;
    private @Nullable Disposable looking;

    private HttpDoor(
            DoorOptions options, Health health, PrometheusMeterRegistry meters, List<Consumer<HttpServerRoutes>> stages)
            throws IOException {
        this.options = options;
        this.doorkeeper = new Doorkeeper(options.address(), options.allowedHosts());
        this.rejections = new Rejections(meters);
        InstantSource clock = InstantSource.system();
        this.tokens = options.tokens() == null ? null : TokenFile.open(options.tokens(), clock);
        this.tls = options.tls() == null ? null : TlsContext.open(options.tls());
        Credentials credentials =
                tokens == null ? null : new Credentials(tokens, clock, System::nanoTime, rejections, options);
        Gate gate = new Gate(credentials, rejections, options.limits(), System::nanoTime);
        this.routes = new GuardedRoutes(Policies.ALL, gate);
        routes.get("/health/live", (request, response) -> text(response, "ok\n", "text/plain; charset=utf-8"));
        routes.get("/health/ready", (request, response) -> ready(response, health));
        routes.get(
                "/metrics",
                (request, response) -> text(response, meters.scrape(), "text/plain; version=0.0.4; charset=utf-8"));
        new LoginRoutes(credentials, rejections).accept(routes);
        stages.forEach(stage -> stage.accept(routes));
        routes.otherwise(gate::nothing);
    }

    /**
     * Reads the files that it needs, so that what is wrong with them is known before anything has been started.
     *
     * @throws IOException when the tokens or the certificate cannot be read
     * @throws IllegalArgumentException when they are broken, saying what to do
     */
    public static void check(DoorOptions options) throws IOException {
        if (options.tokens() != null) {
            TokenFile.open(options.tokens(), InstantSource.system());
        }
        if (options.tls() != null) {
            TlsContext.open(options.tls());
        }
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the tokens or the certificate cannot be read
     * @throws IllegalArgumentException when they are broken, or the address is in use, saying what to do
     * @throws IllegalStateException when a route has no policy
     */
    public static HttpDoor open(
            DoorOptions options, Health health, PrometheusMeterRegistry meters, List<Consumer<HttpServerRoutes>> stages)
            throws IOException {
        HttpDoor door = new HttpDoor(options, health, meters, stages);
        door.listen();
        return door;
    }

    /** Where a browser finds it. */
    public String url() {
        String host = options.address().host();
        return (tls == null ? "http://" : "https://")
                + (host.equals("0.0.0.0") ? "127.0.0.1" : host)
                + ":"
                + listening().port();
    }

    /** Every route with its policy. */
    List<GuardedRoutes.Route> registered() {
        return routes.registered();
    }

    /** Looks at the files of tokens and certificate now; it does so every two seconds by itself. */
    void refresh() {
        if (tokens != null) {
            tokens.refresh();
        }
        if (tls != null) {
            tls.refresh();
        }
    }

    /** Stops to listen and ends open requests. */
    @Override
    public void close() {
        if (looking != null) {
            looking.dispose();
        }
        listening().disposeNow(STOP);
    }

    private void listen() {
        DoorLimits limits = options.applied();
        Connections connections = new Connections(limits, rejections);
        HttpServer http = HttpServer.create()
                .host(options.address().host())
                .port(options.address().port())
                .idleTimeout(limits.idle())
                .httpRequestDecoder(decoder ->
                        decoder.maxHeaderSize(DoorLimits.HEADER_BYTES).maxInitialLineLength(DoorLimits.URI_BYTES))
                .doOnChannelInit((observer, channel, remote) -> connections.accept(channel))
                .handle(this::admit);
        TlsContext context = tls;
        HttpServer encrypted = context == null
                ? http
                : http.secure(spec -> spec.sslContext(context).handshakeTimeout(limits.head()));
        try {
            server = encrypted.bindNow();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException || e instanceof ChannelBindException) {
                throw new IllegalArgumentException(
                        "port " + options.address().port() + " on "
                                + options.address().host()
                                + " is in use: stop what listens there, or choose another with --http-port (0 for any)",
                        e);
            }
            throw e;
        }
        if (tokens != null || tls != null) {
            looking = Flux.interval(LOOK_AT_FILES_EVERY, Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .doOnNext(tick -> refresh())
                    .subscribe(tick -> {}, failure -> LOG.error("the files are no longer looked at", failure));
        }
    }

    private Publisher<Void> admit(HttpServerRequest request, HttpServerResponse response) {
        response.header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", NOTHING_INSIDE)
                // Without any referrer browsers would not say which origin a form is from either.
                .header("Referrer-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin");
        if (options.strict()) {
            response.header("Strict-Transport-Security", HTTPS_FOR_A_YEAR);
        }
        Doorkeeper.Objection objection = doorkeeper.objection(request);
        if (objection != null) {
            return rejections.answer(request, response, 403, objection.reason(), objection.message());
        }
        if (!readable(request)) {
            return rejections.answer(
                    request, response, 400, "content", "the address holds what no address may, or a broken escape");
        }
        return routes.apply(request, response);
    }

    /** Whether the address is one and all its escapes are, so that no route need think of others. */
    private static boolean readable(HttpServerRequest request) {
        try {
            String path = request.fullPath();
            if (request.uri().indexOf('%') >= 0) {
                QueryStringDecoder decoder = new QueryStringDecoder(request.uri());
                return !decoder.path().isEmpty() && decoder.parameters() != null;
            }
            return !path.isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private DisposableServer listening() {
        if (server == null) {
            throw new IllegalStateException("the door does not listen yet");
        }
        return server;
    }

    private static Publisher<Void> ready(HttpServerResponse response, Health health) {
        Map<String, String> words = health.words();
        boolean ready = words.values().stream().allMatch(Health.OK::equals);
        return response.status(ready ? 200 : 503)
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendByteArray(Mono.just(Json.write(Map.of("ready", ready, "parts", words))));
    }

    private static Publisher<Void> text(HttpServerResponse response, String body, String type) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, type)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .sendString(Mono.just(body));
    }
}
