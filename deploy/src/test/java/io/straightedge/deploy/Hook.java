package io.straightedge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A receiver of Alertmanager's webhook messages; it takes all and remembers them. Safe on any thread. */
final class Hook implements AutoCloseable {

    private record Taken(JsonNode alert, long nanos) {}

    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final DisposableServer server;

    Hook() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .doOnNext(this::took)
                        .then(response.send().then()))
                .bindNow();
    }

    private void took(byte[] body) {
        try {
            long now = System.nanoTime();
            Json.tree(body).get("alerts").forEach(alert -> taken.add(new Taken(alert, now)));
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port() + "/hook");
    }

    /** What came of runs, in order, as {@code firing RUN} and {@code resolved RUN}. */
    List<String> said() {
        List<String> said = new ArrayList<>();
        of(alert -> said.add(alert.get("status").asText() + " "
                + alert.get("labels").get("run").asText()));
        return said;
    }

    /** The beginnings that it was told, in order. */
    List<Instant> starts() {
        List<Instant> starts = new ArrayList<>();
        of(alert -> starts.add(Instant.parse(alert.get("startsAt").asText())));
        return starts;
    }

    /** When it was first told of a run with that severity, by this JVM's clock; empty while it was not. */
    OptionalLong nanos(String run, String severity) {
        return taken.stream()
                .filter(one -> one.alert.get("labels").path("run").asText().equals(run))
                .filter(one -> one.alert.get("labels").path("severity").asText().equals(severity))
                .mapToLong(Taken::nanos)
                .min();
    }

    private void of(Consumer<JsonNode> each) {
        for (Taken one : taken) {
            if (one.alert.get("labels").has("run")) {
                each.accept(one.alert);
            }
        }
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(2));
    }
}
