package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.access.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Clients that hold a connection and say next to nothing. */
@Timeout(120)
final class SlowClientsTest {

    private static final int SLOW = 1000;
    private static final int HONEST = 500;
    private static final String LOSS = "{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":1,\"loss\":2.5}\n";

    @TempDir
    private Path folder;

    @Test
    void honestRequests_besideAThousandSlowOnes_areAnsweredWithinAHundredMilliseconds() throws Exception {
        List<SocketChannel> slow = new ArrayList<>();
        try (OpenDoor door = OpenDoor.in(folder)
                .token("job", Map.of(Scope.INGEST, Set.of("*")))
                .open(DoorLimits.DEFAULT.withConnections(4096, 4096), null, List.of())) {
            String head = "POST /v1/events HTTP/1.1\r\nHost: localhost:" + door.port();
            String body = head + "\r\nAuthorization: Bearer " + door.text("job")
                    + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";
            for (int i = 0; i < SLOW; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
                slow.add(channel);
                channel.write(ByteBuffer.wrap((i % 2 == 0 ? head : body).getBytes(UTF_8)));
            }
            assertThat(door.rejected("slow_head") + door.rejected("address_connections"))
                    .as("slow ones that are not there any more")
                    .isZero();
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest honest = HttpRequest.newBuilder(URI.create("http://localhost:" + door.port() + "/v1/events"))
                    .header("Authorization", "Bearer " + door.text("job"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(LOSS))
                    .build();
            for (int i = 0; i < 50; i++) {
                client.send(honest, BodyHandlers.discarding());
            }
            long[] nanos = new long[HONEST];
            for (int i = 0; i < HONEST; i++) {
                // One more byte of a slow request between any two honest ones; some may have been ended already.
                trickle(slow.get(i * 2 % SLOW));
                long began = System.nanoTime();
                assertThat(client.send(honest, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
                nanos[i] = System.nanoTime() - began;
            }
            Arrays.sort(nanos);
            double milliseconds = nanos[HONEST * 99 / 100] / 1e6;
            System.out.printf(
                    "honest requests beside %d slow ones: median %.1f ms, p99 %.1f ms%n",
                    SLOW, nanos[HONEST / 2] / 1e6, milliseconds);
            assertThat(milliseconds).isLessThan(100);
        } finally {
            for (SocketChannel channel : slow) {
                channel.close();
            }
        }
    }

    @Test
    void head_thatDoesNotEnd_endsTheConnection() throws Exception {
        DoorLimits fast = limits(Duration.ofMillis(300), DoorLimits.DEFAULT.body());
        try (OpenDoor door = OpenDoor.in(folder).open(fast, null, List.of())) {
            for (String begun : List.of("", "GET /health/live HTTP/1.1\r\n", "GET")) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream().write(begun.getBytes(UTF_8));
                    assertThat(socket.getInputStream().read()).as(begun).isEqualTo(-1);
                }
            }
            assertThat(door.rejected("slow_head")).isEqualTo(3);
        }
    }

    @Test
    void head_ofALaterRequestThatDoesNotEnd_endsTheConnection() throws Exception {
        DoorLimits fast = limits(Duration.ofMillis(300), DoorLimits.DEFAULT.body());
        try (OpenDoor door = OpenDoor.in(folder).open(fast, null, List.of());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(10_000);
            String request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.getOutputStream().write("GET /health".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains("200 OK");
            assertThat(door.rejectedSoon("slow_head")).isEqualTo(1);
        }
    }

    @Test
    void body_slowerThanItMayBe_endsTheConnection() throws Exception {
        try (OpenDoor door = OpenDoor.in(folder).open();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(20_000);
            String head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n";
            socket.getOutputStream().write((head + "x".repeat(100)).getBytes(UTF_8));
            long began = System.nanoTime();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
            assertThat(door.rejectedSoon("slow_body")).isEqualTo(1);
        }
    }

    @Test
    void answer_thatIsNotTaken_endsTheConnection() throws Exception {
        byte[] large = new byte[64 << 20];
        try (OpenDoor door = OpenDoor.in(folder)
                        .open(
                                limits(DoorLimits.DEFAULT.head(), DoorLimits.DEFAULT.body(), Duration.ofMillis(500)),
                                null,
                                List.of(routes -> routes.get(
                                        "/version", (request, response) -> response.sendByteArray(Mono.just(large)))));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.getOutputStream().write("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            assertThat(door.rejectedSoon("slow_reader")).isEqualTo(1);
        }
    }

    private static DoorLimits limits(Duration head, Duration body) {
        return limits(head, body, DoorLimits.DEFAULT.idle());
    }

    private static DoorLimits limits(Duration head, Duration body, Duration idle) {
        DoorLimits base = DoorLimits.DEFAULT;
        return new DoorLimits(
                base.connections(),
                base.connectionsPerAddress(),
                head,
                body,
                base.bodyBytesPerSecond(),
                idle,
                base.requestsPerSecond(),
                base.requestsBurst(),
                base.pointsPerSecond(),
                base.pointsBurst(),
                base.failuresPerMinute());
    }

    private static void trickle(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(new byte[] {'x'}));
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(reset|closed|Broken).*");
        }
    }
}
