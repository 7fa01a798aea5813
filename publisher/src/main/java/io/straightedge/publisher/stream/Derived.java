package io.straightedge.publisher.stream;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Something newly said, or taken back when {@code message} is null; as a record it is a CloudEvent in binary mode.
 *
 * @param id unique to this content; for what is taken back, the id of the input is part of it
 */
record Derived(
        String topic,
        String key,
        String type,
        @Nullable String id,
        @Nullable Object message) {

    private static final String SOURCE = "/straightedge/publisher";
    private static final String PREDICTION = "io.straightedge.prediction";
    private static final String ALERT = "io.straightedge.alert";
    private static final String RECOMMENDATION = "io.straightedge.recommendation";

    static Derived of(Prediction prediction) {
        // One curve estimate may be seen beside several laws: each is an event of its own.
        String id = prediction.basis() == Prediction.Basis.CURVE && prediction.lawLoss() != null
                ? prediction.id() + "/" + prediction.lawLoss()
                : prediction.id();
        return new Derived(Topics.PREDICTIONS, prediction.key(), PREDICTION + ".revised.v1", id, prediction);
    }

    static Derived of(Recommendation recommendation) {
        return new Derived(
                Topics.RECOMMENDATIONS,
                recommendation.key(),
                RECOMMENDATION + ".revised.v1",
                recommendation.id(),
                recommendation);
    }

    /** The alert as it is now; what it is in is part of the type, what brought it there part of the id. */
    static Derived of(Alert alert, String cause) {
        String type = ALERT + "." + alert.state().name().toLowerCase(Locale.ROOT) + ".v1";
        return new Derived(Topics.ALERTS, alert.id(), type, alert.id() + "/" + cause, alert);
    }

    static Derived noAlert(String id) {
        return new Derived(Topics.ALERTS, id, ALERT + ".withdrawn.v1", null, null);
    }

    static Derived noPrediction(String key) {
        return new Derived(Topics.PREDICTIONS, key, PREDICTION + ".withdrawn.v1", null, null);
    }

    static Derived noRecommendation(String key) {
        return new Derived(Topics.RECOMMENDATIONS, key, RECOMMENDATION + ".withdrawn.v1", null, null);
    }

    /**
     * The record for the partition of the input.
     *
     * @param cause where the input is, {@code topic/partition/offset}: what is taken back has no id of its own
     */
    ProducerRecord<byte[], byte[]> record(int partition, String cause) {
        List<Header> headers = new ArrayList<>();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", id == null ? key + "/withdrawn/" + cause : id);
        add(headers, "ce_source", SOURCE);
        add(headers, "ce_type", type);
        add(headers, "ce_subject", key);
        byte[] value = null;
        if (message != null) {
            add(headers, "content-type", "application/json");
            value = Json.write(message);
        }
        return new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), value, headers);
    }

    private static void add(List<Header> headers, String name, String value) {
        headers.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
