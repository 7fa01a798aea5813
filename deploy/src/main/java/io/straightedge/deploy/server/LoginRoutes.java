package io.straightedge.deploy.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.straightedge.deploy.access.Sessions;
import io.straightedge.deploy.access.Token;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.codec.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Logging in to the page with a token, and out again. What the browser keeps is a session, not the token, in a cookie that
 * scripts cannot read and other sites cannot make it send.
 */
final class LoginRoutes implements Consumer<HttpServerRoutes> {

    private static final int MAX_FORM_BYTES = 4 << 10;
    private static final Duration FORM_WITHIN = Duration.ofSeconds(10);
    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>Log in - Straightedge</title>
              <link rel="icon" href="/icon.svg" type="image/svg+xml">
              <link rel="stylesheet" href="/style.css">
            </head>
            <body>
              <main id="main">
                <form class="panel login" method="post" action="/login">
                  <h1><img src="/icon.svg" alt="" width="28" height="28">Straightedge</h1>
                  <div class="field">
                    <label for="token">Token</label>
                    <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
                  </div>
                  <p class="wrong" role="alert">%s</p>
                  <button type="submit">Log in</button>
                  <p class="quiet small">Whoever runs this server gives out tokens.</p>
                </form>
              </main>
            </body>
            </html>
            """;

    private final @Nullable Credentials credentials;
    private final Rejections rejections;

    LoginRoutes(@Nullable Credentials credentials, Rejections rejections) {
        this.credentials = credentials;
        this.rejections = rejections;
    }

    @Override
    public void accept(HttpServerRoutes routes) {
        routes.get("/v1/session", (request, response) -> session(response));
        Credentials known = credentials;
        if (known != null) {
            routes.get(Credentials.LOGIN, (request, response) -> page(response, 200, ""));
            routes.post(Credentials.LOGIN, (request, response) -> login(known, request, response));
            routes.post("/logout", (request, response) -> logout(known, request, response));
        }
    }

    /** Who the caller is; a name only where there are tokens. */
    private Publisher<Void> session(HttpServerResponse response) {
        return Mono.deferContextual(context -> {
            Map<String, Object> body = credentials == null
                    ? Map.of("tokens", false)
                    : Map.of("tokens", true, "name", Caller.of(context).name());
            return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                    .sendByteArray(Mono.just(Json.write(body)))
                    .then();
        });
    }

    private Publisher<Void> login(Credentials known, HttpServerRequest request, HttpServerResponse response) {
        String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        boolean form = type.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded");
        if (!form || !request.requestHeaders().contains(HttpHeaderNames.ORIGIN)) {
            return rejections.answer(request, response, 403, "forgery", "log in with the form at /login");
        }
        return request.receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, LoginRoutes::add)
                .timeout(FORM_WITHIN)
                .map(bytes -> token(bytes.toString(StandardCharsets.UTF_8)))
                .onErrorReturn("")
                .flatMap(text -> Mono.from(answer(known, text, request, response)));
    }

    private Publisher<Void> answer(
            Credentials known, String text, HttpServerRequest request, HttpServerResponse response) {
        Token token = known.find(text);
        if (token == null) {
            int seconds = known.failed(request);
            rejections.count(seconds > 0 ? "failures" : "bad_token");
            if (seconds > 0) {
                response.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(seconds));
            }
            return page(
                    response,
                    seconds > 0 ? 429 : 401,
                    seconds > 0
                            ? "Too many wrong tokens: try again in " + seconds + " s."
                            : "This token is not known, or no longer valid.");
        }
        String session = known.sessions().open(token);
        return home(known, response, session, Sessions.LASTS.toSeconds());
    }

    private Publisher<Void> logout(Credentials known, HttpServerRequest request, HttpServerResponse response) {
        if (!request.requestHeaders().contains(HttpHeaderNames.ORIGIN)) {
            return rejections.answer(request, response, 403, "forgery", "log out from the page");
        }
        known.sessions().close(known.session(request));
        return home(known, response, "", 0);
    }

    private static Publisher<Void> home(Credentials known, HttpServerResponse response, String session, long seconds) {
        String cookie = known.cookieName() + "=" + session + "; Path=/; Max-Age=" + seconds
                + "; HttpOnly; SameSite=Strict" + (known.encrypted() ? "; Secure" : "");
        return response.status(303)
                .header(HttpHeaderNames.SET_COOKIE, cookie)
                .header(HttpHeaderNames.LOCATION, session.isEmpty() ? Credentials.LOGIN : "/")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                .send();
    }

    private static Publisher<Void> page(HttpServerResponse response, int status, String message) {
        byte[] body = PAGE.formatted(message).getBytes(StandardCharsets.UTF_8);
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .header("Content-Security-Policy", POLICY)
                .sendByteArray(Mono.just(body));
    }

    private static String token(String form) {
        List<String> values = new QueryStringDecoder(form, false).parameters().getOrDefault("token", List.of());
        return values.size() == 1 ? values.get(0).strip() : "";
    }

    private static ByteArrayOutputStream add(ByteArrayOutputStream kept, byte[] chunk) {
        if (kept.size() + chunk.length > MAX_FORM_BYTES) {
            throw new IllegalArgumentException("the form is too large");
        }
        kept.writeBytes(chunk);
        return kept;
    }
}
