package io.straightedge.publisher.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import io.straightedge.publisher.notify.AlertTelling;
import io.straightedge.publisher.rule.RuleBook;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertStateTest {

    private static final String STUDY = "ladder/c4";

    private static final String ALERT = "ladder%2Fc4/a/0/drift/1000";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Heard heard = new Heard();
    private final AlertState state = new AlertState(RuleBook.DEFAULT, heard, meters);
    private long offset;
    private long batches;

    /** Writes down what it is told. */
    private static final class Heard implements AlertTelling {
        final List<String> words = new ArrayList<>();

        @Override
        public void restored(int partition, Alert alert) {
            words.add(partition + " restored " + alert.id() + " " + alert.state());
        }

        @Override
        public void changed(int partition, Alert alert) {
            words.add(partition + " changed " + alert.id() + " " + alert.state());
        }

        @Override
        public void forgotten(int partition, Alert alert) {
            words.add(partition + " forgotten " + alert.id() + " " + alert.state());
        }

        @Override
        public void told(int partition, AlertCommand command) {
            words.add(partition + " told " + command.key());
        }

        @Override
        public void dropped(int partition) {
            words.add(partition + " dropped");
        }

        @Override
        public void live(int partition) {
            words.add(partition + " live");
        }
    }

    @BeforeEach
    void assign() {
        state.assign(3);
        state.restored(3);
        heard.words.clear();
    }

    @Test
    void apply_deviation_writesAnAlertAsCloudEventToTheSamePartition() throws MessageException {
        List<ProducerRecord<byte[], byte[]>> written = commit(found(drift()));

        assertThat(written).hasSize(1);
        ProducerRecord<byte[], byte[]> record = written.get(0);
        assertThat(record.topic()).isEqualTo(Topics.ALERTS);
        assertThat(record.partition()).isEqualTo(3);
        assertThat(key(record)).isEqualTo(ALERT);
        assertThat(headers(record))
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", ALERT + "/deviations/3/0")
                .containsEntry("ce_source", "/straightedge/publisher")
                .containsEntry("ce_type", "io.straightedge.alert.firing.v1")
                .containsEntry("ce_subject", ALERT)
                .containsEntry("content-type", "application/json");
        assertThat(Json.read(record.value(), Alert.class).severity()).isEqualTo(Alert.Severity.CRITICAL);
        assertThat(headers(commit(found(drift().ended("back").step(1100))).get(0)))
                .containsEntry("ce_type", "io.straightedge.alert.resolved.v1")
                .containsEntry("ce_id", ALERT + "/deviations/3/1");
    }

    @Test
    void apply_batchNotCommitted_isToldToNobody() {
        Batch batch = new Batch(1, List.of(found(drift())));
        Batch.Outputs outputs = state.apply(batch);
        assertThat(heard.words).isEmpty();

        state.committed(outputs);
        assertThat(heard.words).containsExactly("3 changed " + ALERT + " FIRING");
        assertThat(meters.get("straightedge.alerts.changes")
                        .tags("state", "firing", "severity", "critical", "rule", "drift")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void apply_fleetWithinABatch_isToldAlone() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            records.add(found(Found.by(Detector.NON_FINITE).study(STUDY).run("r" + i)));
        }
        state.committed(state.apply(new Batch(1, records)));

        assertThat(heard.words)
                .hasSize(7)
                .filteredOn(word -> word.endsWith("FIRING"))
                .containsExactly("3 changed ladder%2Fc4//0/fleet-non-finite/1000 FIRING");
    }

    @Test
    void apply_batchTakenBack_isForgottenAndWorkedOnAgain() {
        state.apply(new Batch(1, List.of(found(drift()))));
        state.drop(3);
        state.assign(3);
        state.restored(3);
        offset = 0;

        assertThat(commit(found(drift()))).hasSize(1);
        assertThat(heard.words).containsExactly("3 dropped", "3 live", "3 changed " + ALERT + " FIRING");
    }

    @Test
    void apply_commands_changeAlertsAndAreHandedOn() {
        commit(found(drift()));
        heard.words.clear();

        AlertCommand acknowledge = command("ack/" + ALERT, AlertCommand.Action.ACKNOWLEDGE);
        AlertCommand silence = command("silence/s", AlertCommand.Action.SILENCE);
        commit(record(Topics.ALERT_COMMANDS, acknowledge.key(), acknowledge));
        commit(record(Topics.ALERT_COMMANDS, silence.key(), silence));
        commit(record(
                Topics.ALERT_COMMANDS, "told/log/" + ALERT, command("told/log/" + ALERT, AlertCommand.Action.TOLD)));
        commit(record(Topics.ALERT_COMMANDS, silence.key(), null));

        assertThat(heard.words)
                .containsExactly(
                        "3 told ack/" + ALERT,
                        "3 changed " + ALERT + " ACKNOWLEDGED",
                        "3 told silence/s",
                        "3 changed " + ALERT + " ACKNOWLEDGED",
                        "3 told told/log/" + ALERT,
                        "3 changed " + ALERT + " ACKNOWLEDGED");
    }

    @Test
    void apply_runForgotten_takesItsAlertsBack() {
        CurveEstimate curve = Sample.curve(STUDY, "a", 1e8, 2e9, 0.5);
        commit(record(Topics.CURVE_ESTIMATES, curve.key(), curve));
        commit(found(drift()));
        heard.words.clear();

        List<ProducerRecord<byte[], byte[]>> written = commit(record(Topics.CURVE_ESTIMATES, curve.key(), null));

        assertThat(written).hasSize(1);
        assertThat(key(written.get(0))).isEqualTo(ALERT);
        assertThat(written.get(0).value()).isNull();
        assertThat(headers(written.get(0))).containsEntry("ce_type", "io.straightedge.alert.withdrawn.v1");
        assertThat(heard.words).containsExactly("3 forgotten " + ALERT + " RESOLVED");
        assertThat(commit(record(Topics.CURVE_ESTIMATES, "never/seen/train", null)))
                .isEmpty();
    }

    @Test
    void apply_garbage_isCountedAndPassedOver() {
        List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
        for (String topic :
                List.of(Topics.DEVIATIONS, Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES, Topics.ALERT_COMMANDS)) {
            for (String garbage : List.of("not json", "{}", "[]", "{\"v\":99}", "{\"study\":{}}")) {
                written.addAll(commit(record(topic, "x", garbage.getBytes(StandardCharsets.UTF_8))));
            }
        }
        written.addAll(commit(found(drift())));

        assertThat(written).hasSize(1);
        assertThat(meters.get("straightedge.alerts.records")
                        .tag("outcome", "unreadable")
                        .counter()
                        .count())
                .isEqualTo(20);
    }

    @Test
    void restore_anyOrderOfTheTopics_tellsWhatIsKnownAndGoesOn() {
        List<ConsumerRecord<byte[], byte[]>> inputs = history();
        List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
        inputs.forEach(record -> written.addAll(commit(record)));
        Map<String, String> expected = latest(written);

        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            int crash = random.nextInt(inputs.size());
            List<ProducerRecord<byte[], byte[]>> again = new ArrayList<>();
            Heard told = new Heard();
            AlertState fresh = new AlertState(RuleBook.DEFAULT, told, new SimpleMeterRegistry());
            fresh.assign(3);
            fresh.restored(3);
            for (int i = 0; i < inputs.size(); i++) {
                if (i == crash) {
                    fresh.drop(3);
                    fresh.assign(3);
                    restore(fresh, inputs.subList(0, i), again, random);
                    fresh.restored(3);
                }
                again.addAll(fresh.apply(new Batch(i, List.of(inputs.get(i)))).outputs());
            }
            assertThat(latest(again)).as("seed %d", seed).isEqualTo(expected);
            assertThat(told.words).as("seed %d", seed).contains("3 dropped", "3 live");
        }
    }

    @Test
    void tally_alertsAndRunDays_arePublished() {
        CurveEstimate curve = Sample.curve(STUDY, "a", 1e8, 2e9, 0.5);
        double observations =
                curve.curve().stream().mapToDouble(point -> point.count()).sum();
        assertThat(gauge("straightedge.alerts.pages.per.thousand.run.days")).isNaN();

        commit(record(Topics.CURVE_ESTIMATES, curve.key(), curve));
        commit(found(drift().perDay(100.0)));
        commit(found(Found.by(Detector.SPIKE).study(STUDY).run("b").observations(2L)));
        commit(found(Found.by(Detector.GRADIENT).study(STUDY).oncePer(1.0)));

        assertThat(gauge("straightedge.alerts.run.days")).isEqualTo(observations / 10_000);
        assertThat(gauge("straightedge.alerts.pages.per.thousand.run.days"))
                .isCloseTo(1e7 / observations, within(1e-6));
        assertThat(gauge("straightedge.alerts.warnings.per.thousand.run.days"))
                .isCloseTo(1e7 / observations, within(1e-6));
        assertThat(meters.get("straightedge.alerts")
                        .tags("state", "pending", "severity", "warning")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void apply_partitionNeverAssigned_isABug() {
        state.drop(3);

        assertThatThrownBy(() -> commit(found(drift()))).isInstanceOf(IllegalStateException.class);
    }

    private List<ConsumerRecord<byte[], byte[]>> history() {
        List<ConsumerRecord<byte[], byte[]>> inputs = new ArrayList<>();
        LawEstimate law = Sample.law(STUDY, 1, Sample.points(0, 1e8, 1e9), List.of());
        inputs.add(record(Topics.LAW_ESTIMATES, law.key(), law));
        for (int i = 0; i < 8; i++) {
            CurveEstimate curve = Sample.curve(STUDY, "r" + i, 1e8, 2e9, 0.6);
            inputs.add(record(Topics.CURVE_ESTIMATES, curve.key(), curve));
        }
        for (int i = 0; i < 6; i++) {
            inputs.add(found(Found.by(Detector.SPIKE).study(STUDY).run("r" + i).onset(1900)));
        }
        AlertCommand silence = command("silence/s", AlertCommand.Action.SILENCE);
        inputs.add(record(Topics.ALERT_COMMANDS, silence.key(), silence));
        inputs.add(found(drift()));
        inputs.add(found(drift().goesOn().step(1010).oncePer(1e12)));
        AlertCommand acknowledge = command("ack/" + ALERT, AlertCommand.Action.ACKNOWLEDGE);
        inputs.add(record(Topics.ALERT_COMMANDS, acknowledge.key(), acknowledge));
        for (int i = 0; i < 6; i++) {
            inputs.add(found(Found.by(Detector.SPIKE)
                    .study(STUDY)
                    .run("r" + i)
                    .onset(1900)
                    .ended("back")
                    .step(1930)));
        }
        CurveEstimate end = Sample.curve(STUDY, "a", 1e8, 2e9, 1);
        inputs.add(record(Topics.CURVE_ESTIMATES, end.key(), end));
        return inputs;
    }

    /** Gives the records of each restore topic in their order, the topics interleaved at random. */
    private static void restore(
            AlertState fresh,
            List<ConsumerRecord<byte[], byte[]>> inputs,
            List<ProducerRecord<byte[], byte[]>> alerts,
            Random random) {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = new TreeMap<>();
        for (ProducerRecord<byte[], byte[]> alert : alerts) {
            topics.computeIfAbsent(Topics.ALERTS, topic -> new ArrayList<>())
                    .add(new ConsumerRecord<>(Topics.ALERTS, 3, 0, alert.key(), alert.value()));
        }
        for (ConsumerRecord<byte[], byte[]> input : inputs) {
            if (!input.topic().equals(Topics.DEVIATIONS)) {
                topics.computeIfAbsent(input.topic(), topic -> new ArrayList<>())
                        .add(input);
            }
        }
        List<List<ConsumerRecord<byte[], byte[]>>> left = new ArrayList<>(topics.values());
        while (!left.isEmpty()) {
            List<ConsumerRecord<byte[], byte[]>> one = left.get(random.nextInt(left.size()));
            fresh.restore(3, one.remove(0));
            left.removeIf(List::isEmpty);
        }
    }

    private static Map<String, String> latest(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, String> latest = new TreeMap<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            latest.put(key(record), new String(record.value(), StandardCharsets.UTF_8));
        }
        return latest;
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private List<ProducerRecord<byte[], byte[]>> commit(ConsumerRecord<byte[], byte[]> record) {
        Batch.Outputs outputs = state.apply(new Batch(batches++, List.of(record)));
        state.committed(outputs);
        return outputs.outputs();
    }

    private static Found drift() {
        return Found.by(Detector.DRIFT).study(STUDY);
    }

    private ConsumerRecord<byte[], byte[]> found(Found found) {
        return record(Topics.DEVIATIONS, found.deviation().key(), found.deviation());
    }

    private ConsumerRecord<byte[], byte[]> record(String topic, String key, @Nullable Object message) {
        return Sample.record(topic, offset++, key, message);
    }

    private static AlertCommand command(String key, AlertCommand.Action action) {
        return new AlertCommand(
                key,
                STUDY,
                action,
                ALERT,
                "grace",
                null,
                Found.NOON,
                Map.of("rule", "drift"),
                Found.NOON.plusSeconds(3600),
                Alert.State.FIRING);
    }

    private static String key(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        StreamSupport.stream(record.headers().spliterator(), false)
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
