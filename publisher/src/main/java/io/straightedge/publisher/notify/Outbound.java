package io.straightedge.publisher.notify;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;

/**
 * The way out for messages to addresses that a user has given, so made that it leads nowhere else.
 *
 * <p>A name is looked up once, every one of its addresses must be allowed, and the connection goes to one that was looked
 * at, under the name (Host, SNI, certificate) that was asked for: what the name means a moment later does not matter. No
 * redirect is followed, no proxy used, no connection kept; of a reply the first 64 KiB are read and thrown away.
 * Safe on any thread.
 */
final class Outbound {

    /** Gives the addresses of a name or of an address in text form. */
    @FunctionalInterface
    interface Lookup {
        Lookup SYSTEM = InetAddress::getAllByName;

        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private static final int MOST_REPLY_BYTES = 64 << 10;
    private static final int MOST_RETRY_AFTER_SECONDS = 600;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final AddressRules rules;
    private final boolean allowHttp;
    private final Lookup lookup;
    private final Duration whole;
    private final HttpClient client;
    private final HttpClient secureClient;

    /**
     * A way out with rules of its own.
     *
     * @param whole how long all of it may take, the name's lookup included
     */
    Outbound(AddressRules rules, boolean allowHttp, Lookup lookup, Duration whole, LoopResources loops) {
        this.rules = rules;
        this.allowHttp = allowHttp;
        this.lookup = lookup;
        this.whole = whole;
        this.client = HttpClient.create(ConnectionProvider.newConnection())
                .runOn(loops)
                .followRedirect(false)
                .disableRetry(true)
                .keepAlive(false)
                .responseTimeout(whole)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis());
        SslProvider.GenericSslContextSpec<?> context = Http11SslContextSpec.forClient();
        this.secureClient = client.secure(tls -> tls.sslContext(context));
    }

    /** Sends JSON; fails with an {@link IOException} or a time-out when there is no answer. */
    Mono<Reply> post(URI url, Map<String, String> headers, byte[] body) {
        return Mono.fromCallable(() -> Destination.of(url, allowHttp))
                .flatMap(destination -> Mono.fromCallable(() -> checked(destination.host()))
                        .subscribeOn(Schedulers.boundedElastic())
                        .flatMap(addresses -> post(destination, addresses, 0, headers, body)))
                .timeout(whole);
    }

    /** The addresses of a host; one that is not allowed among them forbids them all. */
    private List<InetAddress> checked(String host) throws IOException {
        List<InetAddress> named = new ArrayList<>();
        for (InetAddress address : lookup.addresses(host)) {
            if (!rules.allow(address.getAddress())) {
                throw new IOException("the host " + host + " has an address that is not public; allow its network for"
                        + " this sink if it is meant");
            }
            named.add(InetAddress.getByAddress(host, address.getAddress()));
        }
        if (named.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return named;
    }

    /** Tries the addresses in turn, but only while nothing can have been sent. */
    private Mono<Reply> post(
            Destination to, List<InetAddress> addresses, int index, Map<String, String> headers, byte[] body) {
        Mono<Reply> reply = post(to, addresses.get(index), headers, body);
        return index + 1 == addresses.size()
                ? reply
                : reply.onErrorResume(ConnectException.class, closed -> post(to, addresses, index + 1, headers, body));
    }

    private Mono<Reply> post(Destination to, InetAddress address, Map<String, String> headers, byte[] body) {
        HttpClient pinned = (to.secure() ? secureClient : client)
                .remoteAddress(() -> new InetSocketAddress(address, to.port()))
                .headers(all -> {
                    all.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
                    all.set(HttpHeaderNames.USER_AGENT, "straightedge");
                    all.set(HttpHeaderNames.HOST, hostHeader(to));
                    headers.forEach(all::set);
                });
        return pinned.post()
                .uri(to.path())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .response((response, content) -> drained(content).thenReturn(reply(response)))
                .single();
    }

    private static String hostHeader(Destination to) {
        String host = to.host().indexOf(':') >= 0 ? "[" + to.host() + "]" : to.host();
        return to.port() == (to.secure() ? 443 : 80) ? host : host + ":" + to.port();
    }

    /** Completes at the end of the reply or of patience; leaving it unread closes the connection. */
    private static Mono<Void> drained(ByteBufFlux content) {
        return content.map(ByteBuf::readableBytes)
                .scan(0, Integer::sum)
                .takeUntil(bytes -> bytes > MOST_REPLY_BYTES)
                .then();
    }

    private static Reply reply(HttpClientResponse response) {
        return new Reply(
                response.status().code(), retryAfter(response.responseHeaders().get(HttpHeaderNames.RETRY_AFTER)));
    }

    /** Seconds only: what is a date, or no sense, counts as nothing said. */
    private static @Nullable Duration retryAfter(@Nullable String text) {
        if (text == null || !text.strip().matches("[0-9]{1,9}")) {
            return null;
        }
        return Duration.ofSeconds(Math.min(MOST_RETRY_AFTER_SECONDS, Integer.parseInt(text.strip())));
    }
}
