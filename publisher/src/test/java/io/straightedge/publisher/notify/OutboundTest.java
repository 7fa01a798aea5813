package io.straightedge.publisher.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import reactor.util.function.Tuple2;

final class OutboundTest {

    private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String TRUST = "javax.net.ssl.trustStore";

    @TempDir
    Path folder;

    private final LoopResources loops = LoopResources.create("test-notify", 1, true);
    private final List<String> lookedUp = new ArrayList<>();

    @AfterEach
    void giveBack() {
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block();
    }

    private Outbound outbound(List<String> allowPrivate, String... addresses) {
        Outbound.Lookup lookup = host -> {
            lookedUp.add(host);
            return Arrays.stream(addresses).map(OutboundTest::address).toArray(InetAddress[]::new);
        };
        return new Outbound(AddressRules.allowing(allowPrivate), true, lookup, PATIENCE, loops);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getAllByName(text)[0];
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Reply post(Outbound outbound, URI url) {
        return Objects.requireNonNull(
                outbound.post(url, Map.of("x-a", "b"), BODY).block());
    }

    @Test
    void post_name_isLookedUpOnce_andAskedForByItsName() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Outbound outbound = outbound(List.of("127.0.0.0/8"), "127.0.0.1");
            Reply reply = post(outbound, URI.create("http://hooks.example.com:" + receiver.port() + "/a%20b?c=d"));
            assertThat(reply).isEqualTo(new Reply(200, null));
            Receiver.Request request = receiver.next();
            assertThat(request.uri()).isEqualTo("/a%20b?c=d");
            assertThat(request.headers().get(HttpHeaderNames.HOST)).isEqualTo("hooks.example.com:" + receiver.port());
            assertThat(request.headers().get(HttpHeaderNames.CONTENT_TYPE)).isEqualTo("application/json");
            assertThat(request.headers().get("x-a")).isEqualTo("b");
            assertThat(request.body()).isEqualTo(BODY);
            assertThat(lookedUp).containsExactly("hooks.example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"})
    void post_oneAddressThatIsNotPublic_forbidsTheName(String address) throws Exception {
        try (Receiver receiver = new Receiver()) {
            Outbound outbound = outbound(List.of(), "93.184.216.34", address);
            assertThatThrownBy(() -> post(outbound, URI.create("http://example.com:" + receiver.port() + "/")))
                    .hasRootCauseInstanceOf(IOException.class)
                    .hasMessageContaining("not public");
            assertThat(receiver.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "[::ffff:7f00:1]", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"})
    void post_loopbackHoweverWritten_isRefused(String host) throws Exception {
        try (Receiver receiver = new Receiver()) {
            Outbound system =
                    new Outbound(AddressRules.allowing(List.of()), true, Outbound.Lookup.SYSTEM, PATIENCE, loops);
            assertThatThrownBy(() -> post(system, URI.create("http://" + host + ":" + receiver.port() + "/")))
                    .isNotNull();
            assertThat(receiver.rest()).isEmpty();
        }
    }

    @Test
    void post_redirect_isNotFollowed() throws Exception {
        try (Receiver receiver = new Receiver();
                Receiver other = new Receiver()) {
            receiver.answer(307, "Location", other.url("/stolen").toString());
            Reply reply = post(outbound(List.of("127.0.0.1"), "127.0.0.1"), receiver.url("/"));
            assertThat(reply.status()).isEqualTo(307);
            assertThat(reply.taken()).isFalse();
            assertThat(reply.worthAnotherTry()).isFalse();
            assertThat(other.rest()).isEmpty();
        }
    }

    @Test
    void post_firstAddressClosed_triesTheNext() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Outbound outbound = outbound(List.of("127.0.0.0/8"), "127.0.0.2", "127.0.0.1");
            assertThat(post(outbound, URI.create("http://example.com:" + receiver.port() + "/"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void post_retryAfter_isReadInSecondsOnly() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Outbound outbound = outbound(List.of("127.0.0.1"), "127.0.0.1");
            receiver.answer(429, "Retry-After", "7")
                    .answer(503, "Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT")
                    .answer(429, "Retry-After", "999999999");
            assertThat(post(outbound, receiver.url("/"))).isEqualTo(new Reply(429, Duration.ofSeconds(7)));
            assertThat(post(outbound, receiver.url("/"))).isEqualTo(new Reply(503, null));
            assertThat(post(outbound, receiver.url("/"))).isEqualTo(new Reply(429, Duration.ofMinutes(10)));
        }
    }

    /** A reply without end: the status is known, the rest is not waited for. */
    @Test
    void post_endlessReply_isLeftAtTheLimit() {
        byte[] chunk = new byte[16 << 10];
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.send(ByteBufFlux.fromInbound(
                        Flux.<byte[]>generate(sink -> sink.next(chunk)).limitRate(4))))
                .bindNow();
        try {
            Reply reply = post(
                    outbound(List.of("127.0.0.1"), "127.0.0.1"), URI.create("http://127.0.0.1:" + server.port() + "/"));
            assertThat(reply.status()).isEqualTo(200);
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void post_noAnswer_timesOut() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> Mono.never())
                .bindNow();
        try {
            Outbound hasty = new Outbound(
                    AddressRules.allowing(List.of("127.0.0.1")),
                    true,
                    Outbound.Lookup.SYSTEM,
                    Duration.ofMillis(200),
                    loops);
            assertThatThrownBy(() -> post(hasty, URI.create("http://127.0.0.1:" + server.port() + "/")))
                    .satisfies(failure -> assertThat(failure.toString()).contains("Timeout"));
        } finally {
            server.disposeNow();
        }
    }

    /** The name is what the server is asked for, though it was looked up elsewhere; and nobody is believed unchecked. */
    @ParameterizedTest
    @CsvSource({
        "hooks.example.com, true,  '',",
        "hooks.example.com, false, certification path",
        "other.example.com, true,  other.example.com",
    })
    void post_byTls_asksForTheName_andBelievesItsOwnerOnly(String host, boolean trusted, String failure)
            throws Exception {
        AtomicReference<String> asked = new AtomicReference<>("nothing");
        SSLContext context = context();
        if (trusted) {
            System.setProperty(TRUST, folder.resolve("trusted.jks").toString());
        }
        try (SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, address("127.0.0.1"))) {
            SSLParameters parameters = server.getSSLParameters();
            parameters.setSNIMatchers(List.of(noted(asked)));
            server.setSSLParameters(parameters);
            Mono<Integer> serving = Mono.fromCallable(() -> answered(server))
                    .onErrorReturn(-1)
                    .subscribeOn(Schedulers.boundedElastic());
            Mono<String> reply = outbound(List.of("127.0.0.1"), "127.0.0.1")
                    .post(URI.create("https://" + host + ":" + server.getLocalPort() + "/"), Map.of(), BODY)
                    .map(Reply::toString)
                    .onErrorResume(Exception.class, e -> Mono.just("" + e));
            Tuple2<String, Integer> both =
                    Objects.requireNonNull(Mono.zip(reply, serving).block());
            assertThat(both.getT1()).contains(failure.isEmpty() ? "204" : failure);
            assertThat(both.getT2()).as("first byte that the server got").isEqualTo(failure.isEmpty() ? 'P' : -1);
            assertThat(asked).hasValue(host);
        } finally {
            System.clearProperty(TRUST);
        }
    }

    private static SNIMatcher noted(AtomicReference<String> asked) {
        return new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(SNIServerName name) {
                asked.set(new String(name.getEncoded(), UTF_8));
                return true;
            }
        };
    }

    private static int answered(SSLServerSocket server) throws IOException {
        try (Socket connection = server.accept()) {
            int first = connection.getInputStream().read();
            connection.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8));
            return first;
        }
    }

    private SSLContext context() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hooks.example.com",
                        "-ext",
                        "san=dns:hooks.example.com",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        try (OutputStream out = Files.newOutputStream(folder.resolve("trusted.jks"))) {
            trusted.store(out, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
