package io.straightedge.deploy.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.cookie.Cookie;
import io.straightedge.deploy.access.Buckets;
import io.straightedge.deploy.access.Sessions;
import io.straightedge.deploy.access.Token;
import io.straightedge.deploy.access.TokenFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Finds out who makes a request: a token as {@code Bearer}, or as the password of {@code Basic} under any name, as MLflow's
 * clients send it; or a session of the page.
 *
 * <p>Wrong tokens are slowed by address, right ones never: a token cannot be guessed, so the bound is there to make trying
 * cheap for the server and visible to its operator, and one broken job does not lock out the others behind its address.
 */
final class Credentials {

    static final String LOGIN = "/login";

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final String CHALLENGE = "Bearer realm=\"straightedge\"";
    private static final int MAX_HEADER = 1024;
    private static final int MAX_ADDRESSES = 10_000;
    private static final double SECONDS_PER_MINUTE = 60;

    /**
     * What a request shows.
     *
     * @param token null when there is no valid one
     * @param byCookie whether it is a session's
     * @param wrong whether there is something, and it is worth nothing
     */
    record Shown(@Nullable Token token, boolean byCookie, boolean wrong) {}

    private static final Shown NOTHING = new Shown(null, false, false);
    private static final Shown WRONG = new Shown(null, false, true);

    private final TokenFile tokens;
    private final Sessions sessions;
    private final Rejections rejections;
    private final Buckets failures;
    private final boolean behindProxy;
    private final boolean encrypted;

    Credentials(
            TokenFile tokens, InstantSource clock, LongSupplier nanoTime, Rejections rejections, DoorOptions options) {
        this.tokens = tokens;
        this.sessions = new Sessions(tokens, clock);
        this.rejections = rejections;
        int perMinute = options.limits().failuresPerMinute();
        this.failures = new Buckets(perMinute / SECONDS_PER_MINUTE, perMinute, MAX_ADDRESSES, nanoTime);
        this.behindProxy = options.behindProxy();
        this.encrypted = options.encrypted();
    }

    Sessions sessions() {
        return sessions;
    }

    /** The valid token of that text; null when there is none. */
    @Nullable
    Token find(String text) {
        return tokens.find(text);
    }

    /** Whether a token that was valid has ceased to be. */
    boolean revoked(Token token) {
        return tokens.still(token) == null;
    }

    /** Who makes the request. What is in a header counts, and then no cookie does. */
    Shown of(HttpServerRequest request) {
        List<String> headers = request.requestHeaders().getAll(HttpHeaderNames.AUTHORIZATION);
        if (headers.isEmpty()) {
            Token token = sessions.find(session(request));
            return token == null ? NOTHING : new Shown(token, true, false);
        }
        String text = headers.size() > 1 ? null : text(headers.get(0));
        Token token = text == null ? null : tokens.find(text);
        return token == null ? WRONG : new Shown(token, false, false);
    }

    /** The text of the request's session; empty when it has none. */
    String session(HttpServerRequest request) {
        List<Cookie> cookies = request.cookies().values().stream()
                .flatMap(Set::stream)
                .filter(cookie -> cookie.name().equals(cookieName()))
                .toList();
        return cookies.size() == 1 ? cookies.get(0).value() : "";
    }

    /** A browser refuses the prefixed name unless it came by https, from this host, for all paths. */
    String cookieName() {
        return encrypted ? "__Host-straightedge" : "straightedge";
    }

    boolean encrypted() {
        return encrypted;
    }

    /** Counts a wrong token; 0, or the seconds for which its address should keep quiet. */
    int failed(HttpServerRequest request) {
        return failures.take(addressOf(request), 1);
    }

    /** Asks for a token. */
    Publisher<Void> demand(Shown shown, HttpServerRequest request, HttpServerResponse response) {
        if (shown.wrong()) {
            int seconds = failed(request);
            if (seconds > 0) {
                return rejections.later(
                        request, response, "failures", seconds, "too many wrong tokens from this address");
            }
        } else if (wantsPage(request)) {
            rejections.count("no_token");
            return response.status(303)
                    .header(HttpHeaderNames.LOCATION, LOGIN)
                    .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                    .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                    .send();
        }
        // A browser that is offered Basic asks its user for a name and a password, in a window of its own.
        String basic = request.uri().contains("/api/2.0/") ? ", Basic realm=\"straightedge\"" : "";
        response.header(HttpHeaderNames.WWW_AUTHENTICATE, CHALLENGE + basic);
        return rejections.answer(
                request,
                response,
                401,
                shown.wrong() ? "bad_token" : "no_token",
                shown.wrong()
                        ? "this token is not known, or no longer valid"
                        : "a token is needed: send Authorization: Bearer TOKEN");
    }

    private static boolean wantsPage(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method())
                && request.requestHeaders().get(HttpHeaderNames.ACCEPT, "").contains("text/html");
    }

    private static @Nullable String text(String header) {
        if (header.length() > MAX_HEADER) {
            return null;
        }
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip();
        }
        if (!lower.startsWith(BASIC)) {
            return null;
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : pair.substring(colon + 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whose failures these are: of IPv6 the network, as one customer has a whole one. */
    private String addressOf(HttpServerRequest request) {
        List<String> forwarded = request.requestHeaders().getAll("X-Forwarded-For");
        if (behindProxy && !forwarded.isEmpty()) {
            String last = forwarded.get(forwarded.size() - 1);
            String nearest = last.substring(last.lastIndexOf(',') + 1).strip();
            return nearest.substring(0, Math.min(nearest.length(), 64));
        }
        return addressOf(request.remoteAddress());
    }

    static String addressOf(@Nullable InetSocketAddress remote) {
        InetAddress address = remote == null ? null : remote.getAddress();
        if (address == null) {
            return "unknown";
        }
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : Arrays.toString(Arrays.copyOf(bytes, 8));
    }
}
