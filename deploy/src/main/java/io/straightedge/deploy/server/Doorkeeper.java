package io.straightedge.deploy.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Turns away requests that a web page elsewhere could have made a browser send: a foreign {@code Host} (DNS rebinding) or a
 * foreign {@code Origin}.
 *
 * <p>Listening on the loopback, the host must be this machine. Listening beyond, it must be an address or an allowed name:
 * rebinding needs a name, which an attacker can let point to anything; an address points to itself.
 */
final class Doorkeeper {

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /** Why a request may not come in: the word that it is counted by, and what its sender is told. */
    record Objection(String reason, String message) {}

    private final boolean loopback;
    private final boolean any;
    private final Set<String> names = new TreeSet<>(LOCAL);

    Doorkeeper(Address address, List<String> allowedHosts) {
        this.loopback = address.loopback();
        this.any = allowedHosts.contains("*");
        names.add(address.host().toLowerCase(Locale.ROOT));
        allowedHosts.forEach(host -> names.add(host.toLowerCase(Locale.ROOT)));
    }

    /** Why the request may not come in; null when it may. */
    @Nullable
    Objection objection(HttpServerRequest request) {
        List<String> hosts = request.requestHeaders().getAll(HttpHeaderNames.HOST);
        List<String> origins = request.requestHeaders().getAll(HttpHeaderNames.ORIGIN);
        if (hosts.size() > 1 || origins.size() > 1) {
            return new Objection("host", "there is more than one Host or Origin");
        }
        return objection(hosts.isEmpty() ? null : hosts.get(0), origins.isEmpty() ? null : origins.get(0));
    }

    @Nullable
    Objection objection(@Nullable String host, @Nullable String origin) {
        if (host == null) {
            return new Objection("host", "the Host header is missing");
        }
        if (!known(nameOf(host))) {
            return new Objection(
                    "host",
                    "Host " + printable(host) + " is not this server: "
                            + (loopback ? "use localhost or 127.0.0.1" : "allow it with --allowed-host"));
        }
        return origin == null || same(origin, host)
                ? null
                : new Objection("origin", "Origin " + printable(origin) + " is not this server");
    }

    private boolean known(String name) {
        return any || names.contains(name) || (!loopback && isAddress(name));
    }

    private static boolean isAddress(String name) {
        return NetUtil.isValidIpV4Address(name)
                || (name.startsWith("[")
                        && name.endsWith("]")
                        && NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1)));
    }

    /** Whether the origin is the host, port included: another port of this machine is another site. */
    private static boolean same(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            String scheme = uri.getScheme();
            if (uri.getHost() == null || (!"http".equals(scheme) && !"https".equals(scheme))) {
                return false;
            }
            int standard = scheme.equals("https") ? 443 : 80;
            int port = uri.getPort() < 0 ? standard : uri.getPort();
            String lower = host.toLowerCase(Locale.ROOT);
            String name = nameOf(lower);
            int hostPort = name.length() == lower.length()
                    ? standard
                    : Integer.parseInt(lower, name.length() + 1, lower.length(), 10);
            return port == hostPort && uri.getHost().toLowerCase(Locale.ROOT).equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String nameOf(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int colon = lower.lastIndexOf(':');
        boolean hasPort = colon > 0
                && colon < lower.length() - 1
                && lower.indexOf(']') < colon
                && lower.substring(colon + 1).chars().allMatch(Character::isDigit);
        return hasPort ? lower.substring(0, colon) : lower;
    }

    private static String printable(String text) {
        String cut = text.length() > 80 ? text.substring(0, 80) : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
