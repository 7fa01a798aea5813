package io.straightedge.deploy.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.straightedge.deploy.access.Token;
import io.straightedge.deploy.access.Tokens;
import io.straightedge.ingest.http.EventRoutes;
import io.straightedge.ingest.http.Limits;
import io.straightedge.ingest.http.OtlpRoutes;
import io.straightedge.ingest.mlflow.MlflowRoutes;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.publisher.http.CommandOutlet;
import io.straightedge.publisher.http.PublisherRoutes;
import io.straightedge.publisher.view.View;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRoutes;

/** A door with the real routes of ingest and publisher behind it; what they write stays in memory. */
final class OpenDoor implements AutoCloseable {

    private static final int PARTITIONS = 12;

    /** The usual ones, but for Kafka, which is given up after two seconds. */
    private static final Limits LIMITS = new Limits(
            Limits.DEFAULT.bodyBytes(),
            Limits.DEFAULT.inflatedBytes(),
            Limits.DEFAULT.inflationRatio(),
            Limits.DEFAULT.eventBytes(),
            Limits.DEFAULT.bodyDeadline(),
            Duration.ofSeconds(2));

    private static final Duration SOON = Duration.ofSeconds(20);

    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final List<ProducerRecord<byte[], byte[]>> written = new CopyOnWriteArrayList<>();
    final Map<String, String> texts = new LinkedHashMap<>();
    final Path tokens;
    private final List<String> lines = new ArrayList<>();
    private boolean behindProxy;
    private boolean allWaysIn;

    /** Where the routes write to; a test may put another in its place. */
    volatile RecordWriter writer = records -> Mono.fromRunnable(() -> written.addAll(records));

    private @Nullable HttpDoor door;

    private OpenDoor(Path tokens) {
        this.tokens = tokens;
    }

    /** Not open yet: without tokens until one is added. */
    static OpenDoor in(Path folder) {
        return new OpenDoor(folder.resolve("tokens"));
    }

    OpenDoor token(String name, Map<Scope, Set<String>> projects) throws IOException {
        return token(name, projects, null);
    }

    OpenDoor token(String name, Map<Scope, Set<String>> projects, @Nullable Instant expires) throws IOException {
        String text = Token.text();
        texts.put(name, text);
        lines.add(Tokens.line(new Token(name, Token.hash(text), projects, expires)));
        Files.write(tokens, lines);
        return this;
    }

    OpenDoor behindProxy() {
        behindProxy = true;
        return this;
    }

    /** With the routes of MLflow and OTLP too, whose topics are empty and read. */
    OpenDoor allWaysIn() {
        allWaysIn = true;
        return this;
    }

    OpenDoor open() throws IOException {
        return open(DoorLimits.DEFAULT, null, List.of());
    }

    OpenDoor open(DoorLimits limits, @Nullable TlsFiles tls, List<Consumer<HttpServerRoutes>> more) throws IOException {
        List<Consumer<HttpServerRoutes>> stages = new ArrayList<>();
        RecordWriter current = records -> writer.write(records);
        stages.add(EventRoutes.routes(current, PARTITIONS, meters, LIMITS));
        stages.add(new PublisherRoutes(
                new View(new SimpleMeterRegistry()), new CommandOutlet(current, PARTITIONS, Clock.systemUTC())));
        if (allWaysIn) {
            stages.add(OtlpRoutes.routes(current, PARTITIONS, meters, LIMITS));
            MlflowRoutes tracking = new MlflowRoutes(
                    current, PARTITIONS, meters, LIMITS, (study, run) -> Flux.empty(), Clock.systemUTC());
            tracking.follow(Flux.just(new Tail.Chunk(List.of(), true))).block(SOON);
            stages.add(tracking);
        }
        stages.addAll(more);
        door = HttpDoor.open(
                new DoorOptions(
                        new Address("127.0.0.1", 0),
                        false,
                        lines.isEmpty() ? null : tokens,
                        tls,
                        behindProxy,
                        List.of(),
                        limits),
                new Health(),
                meters,
                stages);
        return this;
    }

    HttpDoor door() {
        if (door == null) {
            throw new IllegalStateException("not open yet");
        }
        return door;
    }

    int port() {
        return URI.create(door().url()).getPort();
    }

    String text(String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("no token " + name);
        }
        return text;
    }

    Wire.Answer send(Wire wire) throws IOException {
        return wire.to(port());
    }

    /** How many were turned away for that reason. */
    double rejected(String reason) {
        Counter counter =
                meters.find("straightedge.http.rejected").tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }

    /** The same, once there is one; a client may hear of its end before it is counted. */
    double rejectedSoon(String reason) {
        long end = System.nanoTime() + SOON.toNanos();
        while (rejected(reason) == 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return rejected(reason);
    }

    @Override
    public void close() {
        if (door != null) {
            door.close();
        }
        meters.close();
    }
}
