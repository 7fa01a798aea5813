package io.straightedge.deploy.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Turns away requests that a web page elsewhere could have made a browser send: a foreign {@code Host} (DNS rebinding)
 * or a foreign {@code Origin}. A server that listens beyond the loopback checks the origin against the host alone.
 */
final class Doorkeeper {

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final Address address;

    Doorkeeper(Address address) {
        this.address = address;
    }

    /** Why the request may not come in; null when it may. */
    @Nullable
    String objection(HttpServerRequest request) {
        return objection(
                request.requestHeaders().get(HttpHeaderNames.HOST),
                request.requestHeaders().get(HttpHeaderNames.ORIGIN));
    }

    @Nullable
    String objection(@Nullable String host, @Nullable String origin) {
        if (host == null) {
            return "the Host header is missing";
        }
        String name = nameOf(host);
        if (address.loopback() && !LOCAL.contains(name) && !name.equals(address.host())) {
            return "Host " + printable(host) + " is not this server: use localhost or 127.0.0.1";
        }
        if (origin == null) {
            return null;
        }
        String originHost;
        try {
            originHost = URI.create(origin).getHost();
        } catch (IllegalArgumentException e) {
            originHost = null;
        }
        boolean same = originHost != null && originHost.toLowerCase(Locale.ROOT).equals(name);
        return same ? null : "Origin " + printable(origin) + " is not this server";
    }

    private static String nameOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        boolean hasPort = colon > 0
                && lower.indexOf(']') < colon
                && lower.substring(colon + 1).chars().allMatch(Character::isDigit);
        return hasPort ? lower.substring(0, colon) : lower;
    }

    private static String printable(String text) {
        String cut = text.length() > 80 ? text.substring(0, 80) : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
