package io.straightedge.publisher.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.function.Predicate;
import reactor.netty.http.server.HttpRouteHandlerMetadata;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Where a route is: one path, or all paths below it. It can say so too, for the door, which lets in only what it knows.
 *
 * @param below whether it is the paths that begin with {@code path} and a slash
 */
record At(HttpMethod method, String path, boolean below)
        implements Predicate<HttpServerRequest>, HttpRouteHandlerMetadata {

    @Override
    public boolean test(HttpServerRequest request) {
        String found = pathOf(request.uri());
        return method.equals(request.method()) && (below ? found.startsWith(path + "/") : found.equals(path));
    }

    /** The path; for all below it, with {@code /**} at its end. */
    @Override
    public String getPath() {
        return below ? path + "/**" : path;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    private static String pathOf(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }
}
