package io.straightedge.publisher.stream;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition's alerts: deviations, estimates and commands in, alerts out. A fold without Kafka clients or Reactor. Not
 * thread-safe.
 *
 * <p>A tombstone has only its key, and names may hold slashes, so what a key stands for is remembered from the record that
 * it takes back; a tombstone for a key never seen changes nothing.
 */
final class AlertLane {

    /**
     * What follows from one record.
     *
     * @param records to be written, in order
     * @param alerts that are to be told of when they are written, in the same order
     * @param forgotten whether those alerts are no more
     * @param command that the record was, if it was one
     */
    record Step(
            List<ProducerRecord<byte[], byte[]>> records,
            List<Alert> alerts,
            boolean forgotten,
            @Nullable AlertCommand command) {}

    private static final Step NOTHING = new Step(List.of(), List.of(), false, null);

    private record Place(String study, String run, String split) {}

    private final int partition;
    private final RuleBook rules;
    private final TreeMap<String, AlertBook> books = new TreeMap<>();
    private final Map<String, Place> curves = new HashMap<>();
    private final Map<String, Place> laws = new HashMap<>();
    private final Map<String, String> studyOfCommand = new HashMap<>();
    private final Map<String, String> studyOfAlert = new HashMap<>();

    AlertLane(int partition, RuleBook rules) {
        this.partition = partition;
        this.rules = rules;
    }

    Collection<AlertBook> books() {
        return books.values();
    }

    /** Takes up a record that was worked on before; gives the command that it was, if it was one. */
    @Nullable
    AlertCommand restore(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        String key = key(record);
        byte[] value = record.value();
        switch (record.topic()) {
            case Topics.ALERTS -> restoreAlert(key, value);
            case Topics.CURVE_ESTIMATES -> {
                CurveEstimate estimate = value == null ? null : curve(value);
                Place place = place(curves, key, estimate);
                if (estimate != null) {
                    book(estimate.study()).restore(estimate);
                } else if (place != null) {
                    book(place.study).restoreForgotten(place.run, place.split);
                }
            }
            case Topics.ALERT_COMMANDS -> {
                if (value != null) {
                    AlertCommand command = command(value);
                    studyOfCommand.put(key, command.study());
                    book(command.study()).restore(command);
                    return command;
                }
                withdraw(key);
            }
            default -> apply(record);
        }
        return null;
    }

    private void restoreAlert(String key, byte @Nullable [] value) throws MessageException {
        if (value != null) {
            Alert alert = Json.read(value, Alert.class);
            required("an alert", alert.id(), alert.study(), alert.run(), alert.rule(), alert.severity(), alert.state());
            studyOfAlert.put(key, alert.study());
            book(alert.study()).restore(alert);
        } else if (studyOfAlert.containsKey(key)) {
            book(studyOfAlert.remove(key)).restoreForgotten(key);
        }
    }

    /** All that there was has been restored: books of which nothing is left are closed. */
    void restored() {
        studyOfAlert.clear();
        books.values().removeIf(AlertBook::empty);
    }

    /** Takes one record of the inputs. */
    Step apply(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        byte[] value = record.value();
        String cause = record.topic() + "/" + record.partition() + "/" + record.offset();
        switch (record.topic()) {
            case Topics.DEVIATIONS -> {
                if (value == null) {
                    return NOTHING;
                }
                Deviation deviation = deviation(value);
                return step(book(deviation.study()).apply(deviation), null, cause);
            }
            case Topics.CURVE_ESTIMATES -> {
                return curve(key(record), value, cause);
            }
            case Topics.LAW_ESTIMATES -> {
                law(key(record), value);
                return NOTHING;
            }
            default -> {
                if (value == null) {
                    return step(withdraw(key(record)), null, cause);
                }
                AlertCommand command = command(value);
                studyOfCommand.put(key(record), command.study());
                return step(book(command.study()).apply(command), command, cause);
            }
        }
    }

    private Step curve(String key, byte @Nullable [] value, String cause) throws MessageException {
        CurveEstimate estimate = value == null ? null : curve(value);
        Place place = place(curves, key, estimate);
        if (estimate != null) {
            return step(book(estimate.study()).apply(estimate), null, cause);
        }
        if (place == null) {
            return NOTHING;
        }
        List<Alert> gone = book(place.study).forget(place.run, place.split);
        tidy(place.study);
        List<ProducerRecord<byte[], byte[]>> records = gone.stream()
                .map(alert -> Derived.noAlert(alert.id()).record(partition, cause))
                .toList();
        return new Step(records, gone, true, null);
    }

    private void law(String key, byte @Nullable [] value) throws MessageException {
        if (value != null) {
            LawEstimate estimate = Json.read(value, LawEstimate.class);
            required("a law estimate", estimate.study(), estimate.name());
            laws.put(key, new Place(estimate.study(), estimate.name(), ""));
            book(estimate.study()).apply(estimate);
            return;
        }
        Place place = laws.remove(key);
        if (place != null) {
            book(place.study).forgetLaw(place.run);
            tidy(place.study);
        }
    }

    private List<Alert> withdraw(String key) {
        String study = studyOfCommand.remove(key);
        return study == null ? List.of() : book(study).withdraw(key);
    }

    private Step step(List<Alert> changed, @Nullable AlertCommand command, String cause) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        changed.forEach(alert -> records.add(Derived.of(alert, cause).record(partition, cause)));
        return new Step(records, changed, false, command);
    }

    private static @Nullable Place place(Map<String, Place> places, String key, @Nullable CurveEstimate estimate) {
        if (estimate == null) {
            return places.remove(key);
        }
        Place place = new Place(estimate.study(), estimate.run(), estimate.split());
        places.put(key, place);
        return place;
    }

    private static AlertCommand command(byte[] value) throws MessageException {
        AlertCommand command = Json.read(value, AlertCommand.class);
        required("a command", command.key(), command.study(), command.action());
        return command;
    }

    private static CurveEstimate curve(byte[] value) throws MessageException {
        CurveEstimate estimate = Json.read(value, CurveEstimate.class);
        required("a curve estimate", estimate.study(), estimate.run(), estimate.split(), estimate.status());
        return estimate;
    }

    private static Deviation deviation(byte[] value) throws MessageException {
        Deviation deviation = Json.read(value, Deviation.class);
        required(
                "a deviation",
                deviation.study(),
                deviation.run(),
                deviation.split(),
                deviation.detector(),
                deviation.message());
        return deviation;
    }

    private static void required(String what, @Nullable Object... fields) {
        for (Object field : fields) {
            if (field == null) {
                throw new IllegalArgumentException(what + " lacks what says whose it is, or what it says");
            }
        }
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    private AlertBook book(String study) {
        return books.computeIfAbsent(study, name -> new AlertBook(rules));
    }

    private void tidy(String study) {
        AlertBook book = books.get(study);
        if (book != null && book.empty()) {
            books.remove(study);
        }
    }
}
