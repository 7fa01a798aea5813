package io.straightedge.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.notify.Notifier;
import io.straightedge.publisher.notify.SinkSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What a real Alertmanager makes of our alerts, and what it tells a receiver of its own. */
final class AlertmanagerIT {

    private static final int PARTITION = 5;
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final String NAME = "StraightedgeDivergence";

    @TempDir
    Path folder;

    private final List<JsonNode> notifications = new CopyOnWriteArrayList<>();
    private final List<AlertCommand> told = new CopyOnWriteArrayList<>();
    private final Scheduler scheduler = Schedulers.newSingle("alertmanager-it");
    private final Instant onset = Instant.now().minusSeconds(20);
    private DisposableServer receiver;

    @BeforeEach
    void open() {
        receiver = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .doOnNext(this::notified)
                        .then(response.send().then()))
                .bindNow();
    }

    @AfterEach
    void close() {
        receiver.disposeNow(Duration.ofSeconds(2));
        scheduler.dispose();
    }

    private void notified(byte[] body) {
        try {
            Json.tree(body).get("alerts").forEach(notifications::add);
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A notifier that runs until it is closed, as one in a process of its own would. */
    private final class Running implements AutoCloseable {
        private final Notifier notifier;
        private final Disposable running;

        Running(URI alertmanager) {
            SinkSpec sink = new SinkSpec(
                    "alertmanager", SinkSpec.Kind.ALERTMANAGER, alertmanager, List.of(), List.of("127.0.0.0/8"), true);
            notifier = Notifier.of(
                    new Notifier.Options(List.of(sink), List.of(), Duration.ofHours(1), null),
                    records -> Mono.fromRunnable(() -> records.forEach(record -> told.add(command(record.value())))),
                    new SimpleMeterRegistry(),
                    Clock.systemUTC(),
                    scheduler,
                    () -> -1);
            running = notifier.run().subscribe();
        }

        @Override
        public void close() {
            running.dispose();
            notifier.close();
        }
    }

    private static AlertCommand command(byte[] value) {
        try {
            return Json.read(value, AlertCommand.class);
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private Alert alert(Severity severity, State state) {
        return new Alert(
                "ladder/1B/0/divergence/29050",
                "ladder",
                "1B",
                0,
                "divergence",
                severity,
                state,
                29_050,
                4.5,
                onset,
                "Loss went from 2.768 to 7.34.",
                state == State.RESOLVED ? "loss came back" : null,
                Map.of("team", "b"),
                "train",
                29_060L,
                100.0,
                Instant.now(),
                null,
                "ada",
                null,
                null,
                List.of());
    }

    private List<String> said() {
        List<String> said = new ArrayList<>();
        for (JsonNode alert : notifications) {
            JsonNode labels = alert.get("labels");
            if (labels.get("alertname").asText().equals(NAME)) {
                said.add(alert.get("status").asText() + " "
                        + labels.get("severity").asText());
            }
        }
        return said;
    }

    @Test
    void alert_firesAndResolves_onceEach_thoughTheNotifierDiesBetween() throws Exception {
        URI hook = URI.create("http://127.0.0.1:" + receiver.port() + "/hook");
        try (AlertmanagerProcess alertmanager = AlertmanagerProcess.start(folder, hook)) {
            Alert firing = alert(Severity.WARNING, State.FIRING);
            try (Running first = new Running(alertmanager.url())) {
                first.notifier.changed(PARTITION, firing);
                first.notifier.live(PARTITION);
                Await.until("the alert is told", WITHIN, () -> said().contains("firing warning"));
                Await.until("that is recorded", WITHIN, () -> told.size() == 1);
            }
            String heldSince = updated(alertmanager);
            try (Running second = new Running(alertmanager.url())) {
                second.notifier.restored(PARTITION, firing);
                told.forEach(command -> second.notifier.told(PARTITION, command));
                second.notifier.live(PARTITION);
                Await.until(
                        "it is said again", WITHIN, () -> !updated(alertmanager).equals(heldSince));
                // Three intervals of a group: time enough to notify twice.
                Await.pause(Duration.ofSeconds(3));
                assertThat(said()).containsExactly("firing warning");
                second.notifier.changed(PARTITION, alert(Severity.CRITICAL, State.FIRING));
                Await.until("it is worse", WITHIN, () -> said().size() == 3);
                assertThat(said().subList(1, 3)).containsExactlyInAnyOrder("resolved warning", "firing critical");
                second.notifier.changed(PARTITION, alert(Severity.CRITICAL, State.RESOLVED));
                Await.until("the end is told", WITHIN, () -> said().contains("resolved critical"));
                Await.pause(Duration.ofSeconds(3));
                assertThat(said()).hasSize(4);
            }
            assertThat(told)
                    .extracting(AlertCommand::state)
                    .containsExactly(State.FIRING, State.FIRING, State.RESOLVED);
            assertThat(names(alertmanager)).containsExactly("StraightedgeWatchdog");
            JsonNode told = notifications.stream()
                    .filter(alert -> alert.toString().contains(NAME))
                    .findFirst()
                    .orElseThrow();
            assertThat(new String(Json.bytes(told.get("labels")), UTF_8))
                    .contains("\"onset_step\":\"29050\"", "\"owner\":\"ada\"", "\"run\":\"1B\"", "\"team\":\"b\"");
        }
    }

    private static String updated(AlertmanagerProcess alertmanager) throws Exception {
        for (JsonNode alert : alertmanager.alerts()) {
            if (alert.get("labels").get("alertname").asText().equals(NAME)) {
                return alert.get("updatedAt").asText();
            }
        }
        throw new AssertionError("Alertmanager does not hold the alert");
    }

    private static List<String> names(AlertmanagerProcess alertmanager) throws Exception {
        List<String> names = new ArrayList<>();
        alertmanager
                .alerts()
                .forEach(alert -> names.add(alert.get("labels").get("alertname").asText()));
        return names;
    }
}
