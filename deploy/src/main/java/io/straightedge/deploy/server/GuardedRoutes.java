package io.straightedge.deploy.server;

import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpRouteHandlerMetadata;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Routes that stand behind the door: whatever is registered is looked up in the table of policies and wrapped, so that its
 * handler runs only for those whom its policy admits. What the table does not know cannot be registered.
 */
final class GuardedRoutes implements HttpServerRoutes {

    /** What answers a request. */
    interface Handler extends BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {}

    /** What stands before every handler. */
    interface Guard {
        Publisher<Void> pass(Policy policy, HttpServerRequest request, HttpServerResponse response, Handler handler);
    }

    /**
     * What was registered.
     *
     * @param method null for all
     */
    record Route(@Nullable String method, String path, Policy policy) {}

    private final HttpServerRoutes routes = HttpServerRoutes.newRoutes();
    private final List<Route> registered = new ArrayList<>();
    private final Policies policies;
    private final Guard guard;

    GuardedRoutes(Policies policies, Guard guard) {
        this.policies = policies;
        this.guard = guard;
    }

    /** All routes, in their order. */
    List<Route> registered() {
        return List.copyOf(registered);
    }

    /** What answers when no route does; the last to be registered. */
    void otherwise(Handler handler) {
        routes.route(request -> true, handler);
    }

    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        return routes.apply(request, response);
    }

    @Override
    public HttpServerRoutes route(
            Predicate<? super HttpServerRequest> condition,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        HttpRouteHandlerMetadata place = condition instanceof HttpRouteHandlerMetadata known ? known : null;
        String path = place == null ? null : place.getPath();
        if (place == null || path == null) {
            throw new IllegalStateException("a route does not say where it is: its condition must be a "
                    + HttpRouteHandlerMetadata.class.getSimpleName());
        }
        HttpMethod method = place.getMethod();
        routes.route(condition, guarded(method == null ? null : method.name(), path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes get(
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        routes.get(path, guarded("GET", path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes head(
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        routes.head(path, guarded("HEAD", path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes post(
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        routes.post(path, guarded("POST", path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes put(
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        routes.put(path, guarded("PUT", path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes delete(
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        routes.delete(path, guarded("DELETE", path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes options(
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        routes.options(path, guarded("OPTIONS", path, handler));
        return this;
    }

    @Override
    public HttpServerRoutes ws(
            String path,
            BiFunction<? super WebsocketInbound, ? super WebsocketOutbound, ? extends Publisher<Void>> handler,
            WebsocketServerSpec spec) {
        throw unknownKind();
    }

    @Override
    public HttpServerRoutes ws(
            Predicate<? super HttpServerRequest> condition,
            BiFunction<? super WebsocketInbound, ? super WebsocketOutbound, ? extends Publisher<Void>> handler,
            WebsocketServerSpec spec) {
        throw unknownKind();
    }

    @Override
    public HttpServerRoutes directory(
            String uri, Path folder, @Nullable Function<HttpServerResponse, HttpServerResponse> interceptor) {
        throw unknownKind();
    }

    @Override
    public HttpServerRoutes removeIf(Predicate<? super HttpRouteHandlerMetadata> condition) {
        throw new UnsupportedOperationException("routes behind the door stay");
    }

    @Override
    public HttpServerRoutes comparator(Comparator<HttpRouteHandlerMetadata> comparator) {
        throw new UnsupportedOperationException("routes behind the door keep their order");
    }

    @Override
    public HttpServerRoutes noComparator() {
        return this;
    }

    private Handler guarded(
            @Nullable String method,
            String path,
            BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> handler) {
        Policy policy = policies.of(method, path);
        registered.add(new Route(method, path, policy));
        return (request, response) -> guard.pass(policy, request, response, handler::apply);
    }

    private static UnsupportedOperationException unknownKind() {
        return new UnsupportedOperationException("the door guards no routes of this kind");
    }
}
