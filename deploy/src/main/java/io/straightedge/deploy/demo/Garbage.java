package io.straightedge.deploy.demo;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What careless clients send: records that are no events, and events in the wrong partition. */
final class Garbage {

    private static final List<String> BAD = List.of(
            "not json",
            "{\"type\":\"loss\",\"run\":\"r\",\"step\":1,\"loss\":2.5}",
            "{\"type\":\"loss\",\"study\":\"demo\",\"run\":\"r\",\"step\":-1,\"loss\":2.5}",
            "{\"type\":\"loss\",\"study\":\"" + "x".repeat(10_000) + "\",\"run\":\"r\",\"step\":1,\"loss\":2.5}");

    private static final String STRAY_STUDY = "demo-strays";
    private static final int STRAYS = 5;

    private Garbage() {}

    /** Events that become dead letters. */
    static int bad() {
        return BAD.size();
    }

    /** Events that are forwarded, so that they are read twice. */
    static int strays(int partitions) {
        return partitions > 1 ? STRAYS : 0;
    }

    static List<ProducerRecord<byte[], byte[]>> records(int partitions) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < BAD.size(); i++) {
            byte[] value = BAD.get(i).getBytes(StandardCharsets.UTF_8);
            records.add(new ProducerRecord<>(Topics.TRAINING_EVENTS, i % partitions, null, value));
        }
        int wrong = (Topics.partitionOf(STRAY_STUDY, partitions) + 1) % partitions;
        for (int i = 0; i < strays(partitions); i++) {
            byte[] value = Json.write(LossObservation.of(STRAY_STUDY, "misplaced", i, 9.5 - i));
            records.add(new ProducerRecord<>(Topics.TRAINING_EVENTS, wrong, null, value));
        }
        return records;
    }
}
