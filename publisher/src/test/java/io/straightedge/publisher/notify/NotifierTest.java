package io.straightedge.publisher.notify;

import static io.straightedge.publisher.notify.Alerts.START;
import static io.straightedge.publisher.notify.Alerts.spike;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServer;

final class NotifierTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Pace FAST = new Pace(Duration.ofMillis(5), Duration.ofSeconds(4), Duration.ofSeconds(64));
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final String KEY =
            "whsec_" + Base64.getEncoder().encodeToString("a key of the test".getBytes(UTF_8));

    @TempDir
    Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong lagSeconds = new AtomicLong(-1);
    private final BlockingQueue<AlertCommand> written = new LinkedBlockingQueue<>();
    private final Scheduler scheduler = Schedulers.newSingle("test-notifier");
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile boolean kafkaAway;
    private volatile Instant now = START;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @BeforeEach
    void keys() throws Exception {
        Files.writeString(folder.resolve("key"), KEY + "\n");
        Files.writeString(folder.resolve("old"), "the key before it");
    }

    @AfterEach
    void giveBack() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        scheduler.dispose();
    }

    private Notifier start(SinkSpec... sinks) {
        Notifier notifier = Notifier.of(
                new Notifier.Options(List.of(sinks), List.of(), Duration.ofHours(1), null),
                records -> kafkaAway
                        ? Mono.error(new IllegalStateException("away"))
                        : Mono.fromRunnable(() -> records.forEach(record -> written.add(read(record)))),
                meters,
                clock,
                scheduler,
                lagSeconds::get,
                FAST);
        Disposable running = notifier.run().subscribe();
        open.add(running::dispose);
        open.add(notifier);
        return notifier;
    }

    private static AlertCommand read(ProducerRecord<byte[], byte[]> record) {
        try {
            AlertCommand command = Json.read(record.value(), AlertCommand.class);
            assertThat(record.topic()).isEqualTo("alert-commands");
            assertThat(record.partition()).isEqualTo(3);
            assertThat(new String(record.key(), UTF_8)).isEqualTo(command.key());
            return command;
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private SinkSpec webhook(Receiver receiver) {
        return sink("hook", SinkSpec.Kind.WEBHOOK, receiver, "key", "old");
    }

    private SinkSpec sink(String name, SinkSpec.Kind kind, Receiver receiver, String... secrets) {
        List<String> files = List.of(secrets).stream()
                .map(file -> folder.resolve(file).toString())
                .toList();
        return new SinkSpec(name, kind, receiver.url("/in"), files, List.of("127.0.0.0/8"), true);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static String said(Receiver.Request request) throws MessageException {
        JsonNode body = Json.tree(request.body());
        return body.get("data").get("run").asText() + " " + body.get("type").asText();
    }

    private AlertCommand told() throws InterruptedException {
        return Objects.requireNonNull(written.poll(10, TimeUnit.SECONDS), "nothing was written");
    }

    private double sent(String sink, String outcome) {
        return meters.counter("straightedge.notify.sent", "sink", sink, "outcome", outcome)
                .count();
    }

    @Test
    void run_webhook_isSignedByEachKey_andRecorded() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = start(webhook(receiver));
            notifier.restored(3, spike(Severity.CRITICAL, State.FIRING, START));
            assertThat(receiver.nextWithin(QUIET))
                    .as("not before all is restored")
                    .isNull();
            pass(Duration.ofSeconds(2));
            notifier.live(3);
            Receiver.Request request = receiver.next();
            assertThat(said(request)).isEqualTo("190M alert.firing");
            String head = request.headers().get("webhook-id") + "."
                    + request.headers().get("webhook-timestamp") + ".";
            assertThat(request.headers().get("webhook-timestamp")).isEqualTo("" + now.getEpochSecond());
            assertThat(request.headers().get("webhook-signature"))
                    .isEqualTo("v1," + code("a key of the test", head, request.body()) + " v1,"
                            + code("the key before it", head, request.body()));
            AlertCommand told = told();
            assertThat(told.key()).isEqualTo("told/hook/" + Alerts.ID);
            assertThat(told.state()).isEqualTo(State.FIRING);
            assertThat(told.time()).isEqualTo(now);
            assertThat(sent("hook", "taken")).isEqualTo(1);
            assertThat(meters.timer("straightedge.notify.latency", "sink", "hook")
                            .totalTime(TimeUnit.SECONDS))
                    .isEqualTo(2);
        }
    }

    private static String code(String key, String head, byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
        mac.update(head.getBytes(UTF_8));
        return Base64.getEncoder().encodeToString(mac.doFinal(body));
    }

    @Test
    void run_faultOfTheSink_isTriedAgainLater_underTheSameId() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.answer(500).answer(429, "Retry-After", "30");
            Notifier notifier = start(webhook(receiver));
            notifier.changed(3, spike(Severity.CRITICAL, State.FIRING, START));
            notifier.live(3);
            String id = receiver.next().headers().get("webhook-id");
            assertThat(receiver.nextWithin(QUIET)).isNull();
            pass(Duration.ofSeconds(4));
            assertThat(receiver.next().headers().get("webhook-id")).isEqualTo(id);
            assertThat(receiver.nextWithin(QUIET)).isNull();
            pass(Duration.ofSeconds(29));
            assertThat(receiver.nextWithin(QUIET))
                    .as("asked to be left alone for 30 s")
                    .isNull();
            pass(Duration.ofSeconds(1));
            assertThat(receiver.next().headers().get("webhook-id")).isEqualTo(id);
            assertThat(told().state()).isEqualTo(State.FIRING);
            assertThat(sent("hook", "failed")).isEqualTo(2);
        }
    }

    @Test
    void run_outage_thePresentIsTold_inOrder() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.answer(503);
            Notifier notifier = start(webhook(receiver));
            notifier.changed(3, spike("a", Severity.WARNING, State.FIRING, START));
            notifier.live(3);
            receiver.next();
            notifier.changed(3, spike("b", Severity.WARNING, State.FIRING, START));
            notifier.changed(3, spike("b", Severity.WARNING, State.RESOLVED, START));
            notifier.changed(3, spike("a", Severity.CRITICAL, State.FIRING, START));
            notifier.changed(3, spike("c", Severity.WARNING, State.FIRING, START));
            assertThat(receiver.nextWithin(QUIET)).isNull();
            pass(Duration.ofSeconds(10));
            List<String> said = new ArrayList<>(List.of(said(receiver.next()), said(receiver.next())));
            notifier.changed(3, spike("a", Severity.CRITICAL, State.RESOLVED, START));
            said.add(said(receiver.next()));
            assertThat(said).containsExactly("c alert.firing", "a alert.firing", "a alert.resolved");
            assertThat(receiver.nextWithin(QUIET)).isNull();
        }
    }

    @Test
    void run_refused_isNotSentAgain_andGoneIsLeftAlone() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.answer(400).answer(302, "Location", "/elsewhere").answer(410);
            Notifier notifier = start(webhook(receiver));
            notifier.live(3);
            for (String run : List.of("bad", "moved", "last")) {
                notifier.changed(3, spike(run, Severity.CRITICAL, State.FIRING, START));
                assertThat(said(receiver.next())).startsWith(run);
                assertThat(receiver.nextWithin(QUIET)).isNull();
            }
            notifier.changed(3, spike("unheard", Severity.CRITICAL, State.FIRING, START));
            pass(Duration.ofMinutes(5));
            assertThat(receiver.nextWithin(QUIET)).isNull();
            assertThat(written).isEmpty();
            assertThat(sent("hook", "refused")).isEqualTo(3);
        }
    }

    @Test
    void run_deadSink_delaysNoOther() throws Exception {
        try (Receiver silent = new Receiver(HttpServer.create(), request -> Mono.never());
                Receiver receiver = new Receiver()) {
            Notifier notifier = start(sink("silent", SinkSpec.Kind.ALERTMANAGER_WEBHOOK, silent), webhook(receiver));
            notifier.live(3);
            for (int i = 0; i < 5; i++) {
                notifier.changed(3, spike("run" + i, Severity.CRITICAL, State.FIRING, START));
                assertThat(said(receiver.next())).isEqualTo("run" + i + " alert.firing");
                assertThat(told().by()).isEqualTo("hook");
            }
            assertThat(sent("hook", "taken")).isEqualTo(5);
        }
    }

    @Test
    void run_restoredFromItsRecords_tellsNothingTwice() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier first = start(webhook(receiver));
            first.changed(3, spike(Severity.CRITICAL, State.FIRING, START));
            first.live(3);
            receiver.next();
            AlertCommand told = told();
            first.told(3, told);
            open.remove(0).close();
            Notifier second = start(webhook(receiver));
            second.restored(3, spike(Severity.CRITICAL, State.FIRING, START));
            second.told(3, told);
            second.live(3);
            assertThat(receiver.nextWithin(QUIET)).isNull();
            second.dropped(3);
            second.restored(3, spike(Severity.CRITICAL, State.RESOLVED, START.plus(MILLI)));
            second.told(3, told);
            pass(Duration.ofSeconds(1));
            second.live(3);
            assertThat(said(receiver.next())).isEqualTo("190M alert.resolved");
        }
    }

    @Test
    void run_kafkaAway_isTold_andRecordedLater_notTwiceThoughThePartitionComesBack() throws Exception {
        try (Receiver receiver = new Receiver()) {
            kafkaAway = true;
            Notifier notifier = start(webhook(receiver));
            notifier.changed(3, spike(Severity.CRITICAL, State.FIRING, START));
            notifier.live(3);
            receiver.next();
            assertThat(receiver.nextWithin(QUIET)).isNull();
            notifier.dropped(3);
            notifier.restored(3, spike(Severity.CRITICAL, State.FIRING, START));
            notifier.live(3);
            assertThat(receiver.nextWithin(QUIET)).isNull();
            kafkaAway = false;
            assertThat(told().state()).isEqualTo(State.FIRING);
        }
    }

    @Test
    void run_slack_oneMessageASecond() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = start(sink("slack", SinkSpec.Kind.SLACK, receiver));
            for (int i = 0; i < 3; i++) {
                notifier.changed(3, spike("run" + i, Severity.CRITICAL, State.FIRING, START));
            }
            notifier.live(3);
            for (int i = 0; i < 3; i++) {
                receiver.next();
                assertThat(receiver.nextWithin(QUIET)).isNull();
                pass(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void run_alertmanager_hearsOfAllTogether_andThatWeAreAlive() throws Exception {
        try (Receiver receiver = new Receiver()) {
            Notifier notifier = start(sink("manager", SinkSpec.Kind.ALERTMANAGER, receiver));
            Receiver.Request alive = receiver.next();
            assertThat(alive.uri()).isEqualTo("/in/api/v2/alerts");
            assertThat(names(alive)).containsExactly("StraightedgeWatchdog");
            for (int i = 0; i < 3; i++) {
                notifier.changed(3, spike("run" + i, Severity.CRITICAL, State.FIRING, START));
            }
            notifier.live(3);
            assertThat(names(receiver.next()))
                    .containsExactly("StraightedgeSpike", "StraightedgeSpike", "StraightedgeSpike");
            lagSeconds.set(121);
            assertThat(names(receiver.next())).containsExactly("StraightedgeFitterLag");
            assertThat(receiver.nextWithin(QUIET)).isNull();
            pass(Duration.ofSeconds(60));
            List<String> again = new ArrayList<>(names(receiver.next()));
            Receiver.Request more = receiver.nextWithin(QUIET);
            if (more != null) {
                again.addAll(names(more));
            }
            assertThat(again).hasSize(5).contains("StraightedgeWatchdog", "StraightedgeFitterLag");
        }
    }

    private static List<String> names(Receiver.Request request) throws MessageException {
        List<String> names = new ArrayList<>();
        Json.tree(request.body())
                .forEach(alert -> names.add(alert.get("labels").get("alertname").asText()));
        return names;
    }
}
