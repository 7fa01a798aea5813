package io.straightedge.publisher.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** The dashboard's files, read from the class path once and served from memory: a fixed list, so no path to escape. */
final class StaticFiles {

    /** The chart library's path holds its version, so browsers may keep it for ever. */
    static final String UPLOT = "/webjars/uplot/1.6.30/";

    private static final String UPLOT_RESOURCES = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String REVALIDATE = "no-cache";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private static final class File {
        private final String type;
        private final String caching;
        private final byte[] content;
        private final String tag;

        File(String type, String caching, byte[] content, String tag) {
            this.type = type;
            this.caching = caching;
            this.content = content;
            this.tag = tag;
        }
    }

    private final Map<String, File> files = new TreeMap<>();

    StaticFiles() {
        add("/", "/static/index.html", HTML, REVALIDATE);
        add("/openapi.json", "/static/openapi.json", "application/json; charset=utf-8", REVALIDATE);
        add("/style.css", "/static/style.css", STYLE, REVALIDATE);
        add("/icon.svg", "/static/icon.svg", "image/svg+xml", REVALIDATE);
        for (String module : new String[] {
            "alerts",
            "app",
            "charts",
            "dom",
            "format",
            "law",
            "live",
            "next",
            "recommendation",
            "run",
            "runs",
            "silences",
            "track"
        }) {
            add("/" + module + ".js", "/static/" + module + ".js", SCRIPT, REVALIDATE);
        }
        add(UPLOT + "uPlot.esm.js", UPLOT_RESOURCES + "uPlot.esm.js", SCRIPT, FOR_EVER);
        add(UPLOT + "uPlot.min.css", UPLOT_RESOURCES + "uPlot.min.css", STYLE, FOR_EVER);
    }

    void routes(HttpServerRoutes routes) {
        files.forEach((path, file) -> routes.get(path, (request, response) -> serve(file, request, response)));
    }

    private static Publisher<Void> serve(File file, HttpServerRequest request, HttpServerResponse response) {
        Reply.guarded(response)
                .header(HttpHeaderNames.ETAG, file.tag)
                .header(HttpHeaderNames.CACHE_CONTROL, file.caching);
        if (file.tag.equals(request.requestHeaders().get(HttpHeaderNames.IF_NONE_MATCH))) {
            return response.status(HttpResponseStatus.NOT_MODIFIED).send();
        }
        return response.header(HttpHeaderNames.CONTENT_TYPE, file.type)
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(file.content.length))
                .sendByteArray(Mono.just(file.content));
    }

    private void add(String path, String resource, String type, String caching) {
        try (InputStream stream = StaticFiles.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("not on the class path: " + resource);
            }
            byte[] content = stream.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            String tag = '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
            files.put(path, new File(type, caching, content, tag));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
