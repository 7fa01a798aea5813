package io.straightedge.publisher.stream;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition's studies: estimates in, what they say out. A fold without Kafka clients or Reactor. Not thread-safe.
 *
 * <p>A tombstone has only its key, and names may hold slashes, so which study a key is of is remembered from the
 * record that it takes back; a tombstone for a key never seen changes nothing.
 */
final class PredictionLane {

    private final int partition;
    private final Map<String, StudyJoin> studies = new HashMap<>();
    private final Map<String, String> studyOfCurve = new HashMap<>();
    private final Map<String, String> studyOfLaw = new HashMap<>();

    PredictionLane(int partition) {
        this.partition = partition;
    }

    /** Takes one record of the two topics and gives what is to be written, in order. */
    List<ProducerRecord<byte[], byte[]>> apply(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        String cause = record.topic() + "/" + record.partition() + "/" + record.offset();
        return fold(record).stream()
                .map(derived -> derived.record(partition, cause))
                .toList();
    }

    private List<Derived> fold(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        byte[] value = record.value();
        if (Topics.CURVE_ESTIMATES.equals(record.topic())) {
            CurveEstimate estimate = value == null ? null : Json.read(value, CurveEstimate.class);
            String key = key(record, estimate == null ? null : estimate.key());
            String study = owner(studyOfCurve, key, estimate == null ? null : estimate.study());
            return study == null ? List.of() : tidied(study, join(study).curve(key, estimate));
        }
        LawEstimate estimate = value == null ? null : Json.read(value, LawEstimate.class);
        String key = key(record, estimate == null ? null : estimate.key());
        String study = owner(studyOfLaw, key, estimate == null ? null : estimate.study());
        return study == null ? List.of() : tidied(study, join(study).law(key, estimate));
    }

    /** The key of what the record says; the record's own where it says nothing. */
    private static String key(ConsumerRecord<byte[], byte[]> record, @Nullable String said) {
        if (said != null) {
            return said;
        }
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    private static @Nullable String owner(Map<String, String> owners, String key, @Nullable String study) {
        if (study == null) {
            return owners.remove(key);
        }
        owners.put(key, study);
        return study;
    }

    private StudyJoin join(String study) {
        return studies.computeIfAbsent(study, name -> new StudyJoin());
    }

    private List<Derived> tidied(String study, List<Derived> changes) {
        if (Objects.requireNonNull(studies.get(study)).empty()) {
            studies.remove(study);
        }
        return changes;
    }
}
