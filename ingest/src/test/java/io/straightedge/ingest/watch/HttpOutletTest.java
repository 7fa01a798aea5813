package io.straightedge.ingest.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpOutletTest {

    private static final int DROPPED = -1;

    /** How a request is answered; what the gateway then did not store is not in {@code stored}. */
    private record Answer(int status, String body) {}

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private final List<String> stored = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Stop stop = new Stop();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/events", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            sizes.add(body.length);
            Answer answer = answers.isEmpty() ? new Answer(200, "{\"accepted\":1}") : answers.remove();
            if (answer.status() == 200 || answer.status() == 400 || answer.status() == DROPPED) {
                stored.addAll(new String(body, UTF_8).lines().toList());
            }
            if (answer.status() != DROPPED) {
                exchange.getResponseHeaders().add("Retry-After", "0");
                exchange.sendResponseHeaders(answer.status(), answer.body().length());
                exchange.getResponseBody().write(answer.body().getBytes(UTF_8));
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void busyGateway_isAskedAgainUntilItTakesTheBatch() throws Exception {
        answers.addAll(List.of(new Answer(503, ""), new Answer(429, ""), new Answer(408, "")));
        try (HttpOutlet outlet = outlet("secret")) {
            outlet.send(losses(3), List.of(position(3)));
        }
        assertThat(stored).hasSize(3);
        assertThat(sizes).hasSize(4);
        assertThat(tokens).containsOnly("Bearer secret");
        assertThat(said).hasSize(2).last().asString().endsWith("takes events again");
        assertThat(remembered()).containsExactly(position(3));
    }

    @Test
    void lostAcknowledgement_sendsTheBatchAgain() throws Exception {
        answers.add(new Answer(DROPPED, ""));
        try (HttpOutlet outlet = outlet(null)) {
            outlet.send(losses(2), List.of(position(2)));
        }
        assertThat(stored).hasSize(4);
        assertThat(stored.subList(0, 2)).isEqualTo(stored.subList(2, 4));
        assertThat(tokens).containsOnly("null");
    }

    @Test
    void rejectedLines_areSaidAndNotSentAgain() throws Exception {
        answers.add(new Answer(
                400,
                "{\"accepted\":1,\"rejectedCount\":1,\"rejected\":[{\"line\":2,\"reason\":\"step is missing\"}]}"));
        try (HttpOutlet outlet = outlet(null)) {
            outlet.send(losses(2), List.of(position(2)));
            assertThat(outlet.rejected()).isEqualTo(1);
        }
        assertThat(sizes).hasSize(1);
        assertThat(said).containsExactly(url() + "/v1/events rejected 1 events, the first because step is missing");
        assertThat(remembered()).containsExactly(position(2));
    }

    @Test
    void refusedToken_failsAndRemembersNothing() throws Exception {
        answers.add(new Answer(401, "{\"message\":\"no token\"}"));
        try (HttpOutlet outlet = outlet(null)) {
            assertThatThrownBy(() -> outlet.send(losses(1), List.of(position(1))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("answers 401 no token")
                    .hasMessageContaining("STRAIGHTEDGE_TOKEN");
        }
        assertThat(remembered()).isEmpty();
    }

    @Test
    void largeBatch_isPostedInPartsOfAMebibyteAndAThousandEvents() throws Exception {
        List<TrainingEvent> events = new ArrayList<>(losses(2_500));
        LongStream.range(0, 600)
                .forEach(step -> events.add(new LossObservation(
                        "study", "r".repeat(240), step, 1e9, 3.0, "s".repeat(240), 1e-4, 1.0, null, null, null)));
        try (HttpOutlet outlet = outlet(null)) {
            outlet.send(events, List.of(position(2)));
        }
        assertThat(stored).hasSize(3_100);
        assertThat(sizes)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(1 << 20));
    }

    @Test
    void gatewayThatIsAway_isWaitedForUntilStopped() throws Exception {
        server.stop(0);
        try (HttpOutlet outlet = outlet(null)) {
            stop.now();
            assertThatThrownBy(() -> outlet.send(losses(1), List.of(position(1))))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(remembered()).isEmpty();
    }

    @Test
    void secondProcess_isKeptAwayFromTheStateFile() throws Exception {
        try (HttpOutlet first = outlet(null)) {
            assertThat(first.load()).isEmpty();
            assertThatThrownBy(() -> outlet(null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another watcher uses")
                    .hasMessageContaining("--state");
        }
    }

    @Test
    void stateFile_thatHoldsSomethingElse_isRefused() throws Exception {
        Files.writeString(folder.resolve("state"), "something of mine\n");
        assertThatThrownBy(() -> outlet(null)).hasMessageContaining("does not hold positions");
        assertThat(folder.resolve("state")).hasContent("something of mine");
    }

    private List<Position> remembered() throws IOException {
        try (HttpOutlet outlet = outlet(null)) {
            return List.copyOf(outlet.load());
        }
    }

    private HttpOutlet outlet(@Nullable String token) throws IOException {
        return new HttpOutlet(URI.create(url()), token, folder.resolve("state"), stop, said::add);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static List<TrainingEvent> losses(int count) {
        return LongStream.rangeClosed(1, count)
                .<TrainingEvent>mapToObj(step -> LossObservation.of("study", "run", step, 3.0))
                .toList();
    }

    private static Position position(long losses) {
        return new Position(
                "key", "/a.log", "/a.log", 5, "head", 10 * losses, 1L << 31, losses, 0, "a", 1, Map.of("a", "d"));
    }
}
