package io.straightedge.publisher.notify;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a message goes. Pure.
 *
 * @param secure whether by TLS
 * @param host a name, or an address in its one plain form, that of version 6 without brackets
 * @param path with the query
 */
record Destination(boolean secure, String host, int port, String path) {

    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /**
     * The destination of a URL. A host that only looks like a number to some programs and like a name to others (decimal,
     * octal, hexadecimal, fewer than four parts) is refused.
     *
     * @throws IllegalArgumentException which says what is wrong, without the path, as that may hold a secret
     */
    static Destination of(URI url, boolean allowHttp) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !scheme.equals("http")) {
            throw new IllegalArgumentException("not a web address: it must begin with https://");
        }
        if (!secure && !allowHttp) {
            throw new IllegalArgumentException(
                    "plain http is not allowed here: use https, or allow http for this sink");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a web address must hold no user name or password");
        }
        String host = host(url.getHost());
        int port = url.getPort() == -1 ? (secure ? HTTPS : HTTP) : url.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not a port: 1 to 65535");
        }
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new Destination(secure, host, port, url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
    }

    private static String host(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException("a web address needs a host of letters, digits, hyphens and dots");
        }
        if (host.startsWith("[")) {
            if (host.indexOf('%') >= 0) {
                throw new IllegalArgumentException("the host " + host + " names a zone: give an address without one");
            }
            return host.substring(1, host.length() - 1);
        }
        String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = bare.substring(bare.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean number = last.matches("[0-9]+|0x[0-9a-f]*");
        if (number && !bare.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}")) {
            throw new IllegalArgumentException("the host " + Inert.name(host)
                    + " is a number in disguise: write the address as four decimal numbers");
        }
        return bare;
    }
}
